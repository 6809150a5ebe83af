package dev.ortune.trainer.data;

import dev.ortune.trainer.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A data set as batches.
 *
 * @param data the tokenised examples
 * @param sampler which sequences make up a batch, or which examples where those of one stay together
 * @param collator how they are padded
 * @param batchSize how many of these a batch
 */
public record Batches(EncodedDataset data, BatchSampler sampler, Collator collator, int batchSize)
        implements BatchSource {
    private static final int LINES_NAMED = 64;
    private static final int SENTENCES_NAMED = 3;

    public Batches {
        if (batchSize <= 0) {
            throw new IllegalArgumentException("batch size " + batchSize + " is not positive");
        }
    }

    /** To ask a model about a set, like lengths together; each example's position comes with it. */
    public static Batches toEvaluate(EncodedDataset data, int padId, int batchSize) {
        return new Batches(data, new BatchSampler.LengthGrouped(0), Collator.dynamic(padId), batchSize);
    }

    /** Batches an epoch, the last one possibly smaller. */
    public int count() {
        return (data.parts() + batchSize - 1) / batchSize;
    }

    /** The batches of an epoch counted from 0, each padded when it is taken. */
    public Stream<Batch> epoch(int epoch) {
        return epoch(epoch, 0);
    }

    @Override
    public int size() {
        return data.parts();
    }

    @Override
    public Stream<Batch> epoch(int epoch, int from) {
        List<int[]> parts = sampler.batches(data.partLengths(), batchSize, epoch);
        return parts.stream().skip(from).map(batch -> collator.collate(data, data.rows(batch)));
    }

    /** The examples' lines, or where they are of no file the sentences themselves. */
    @Override
    public String named(List<Batch> batches) {
        List<Example> examples = batches.stream()
                .flatMap(batch -> Arrays.stream(batch.rows()).mapToObj(data::example))
                .distinct()
                .toList();
        return examples.stream().allMatch(example -> example.line() > 0)
                ? (examples.get(0).target() instanceof Target.WordLabels ? "sentences at lines " : "lines ")
                        + first(LINES_NAMED, examples, example -> Long.toString(example.line())) + " of "
                        + data.dataset().name()
                : "sentences "
                        + first(SENTENCES_NAMED, examples, example -> "\"" + Printable.of(example.text()) + "\"");
    }

    private static String first(int named, List<Example> examples, Function<Example, String> name) {
        int more = examples.size() - named;
        return examples.stream().limit(named).map(name).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
