package dev.ortune.trainer.corpus;

import dev.ortune.trainer.data.Array;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.BatchSource;
import dev.ortune.trainer.data.Targets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sequences on disk as batches with labels, which follow from the seed, the epoch and the batch's number alone: any batch can be
 * made without those before it.
 *
 * @param sequences the texts
 * @param labelling what is asked of each token; drawn again for each epoch where it is drawn
 * @param seed of the order and of what is drawn
 * @param shuffled whether each epoch has an order of its own
 * @param batchSize sequences a batch; the last one may have fewer
 * @param padId token id of padding
 * @param pairs whether the label of a sequence says that its second text does not follow the first
 */
public record CorpusBatches(
        SequenceRange sequences,
        Labelling labelling,
        long seed,
        boolean shuffled,
        int batchSize,
        int padId,
        boolean pairs)
        implements BatchSource {
    /** The label of a pair, 0 where the second text follows the first, else 1: {@code [size]}. */
    public static final String NEXT_SENTENCE_LABEL = "next_sentence_label";

    private static final int NAMED = 16;

    @Override
    public int size() {
        return sequences.size();
    }

    @Override
    public Stream<Batch> epoch(int epoch, int from) {
        Permutation order = new Permutation(size(), seedOf(epoch));
        int count = (int) (((long) size() + batchSize - 1) / batchSize);
        return IntStream.range(from, count).mapToObj(number -> batch(number, order, epoch));
    }

    private long seedOf(int epoch) {
        return Permutation.mixed(Permutation.mixed(seed) + epoch);
    }

    private Batch batch(int number, Permutation order, int epoch) {
        int first = number * batchSize;
        int[] rows = IntStream.range(first, Math.min(size(), first + batchSize))
                .map(place -> shuffled ? order.at(place) : place)
                .toArray();
        List<SequenceFile.Sequence> read =
                Arrays.stream(rows).mapToObj(sequences::read).toList();
        int length = read.stream()
                .mapToInt(sequence -> sequence.tokens().length)
                .max()
                .orElseThrow();
        SplittableRandom random = new SplittableRandom(Permutation.mixed(seedOf(epoch) + 1 + number));
        Map<String, Array> arrays = new LinkedHashMap<>();
        labelled(read, length, random, arrays);
        segments(read, length, arrays);
        return new Batch(rows.length, length, arrays, rows);
    }

    /** Without a single label there would be no loss: then all are drawn again. */
    private void labelled(
            List<SequenceFile.Sequence> read, int length, SplittableRandom random, Map<String, Array> arrays) {
        long[] ids = new long[Math.multiplyExact(read.size(), length)];
        long[] labels = new long[ids.length];
        int drawn = 0;
        while (drawn == 0) {
            Arrays.fill(ids, padId);
            Arrays.fill(labels, Targets.IGNORED);
            for (int i = 0; i < read.size(); i++) {
                drawn += labelling.label(random, read.get(i).tokens(), ids, labels, i * length);
            }
        }
        arrays.put(Batch.INPUT_IDS, new Array(ids, read.size(), length));
        arrays.put(Batch.LABELS, new Array(labels, read.size(), length));
    }

    private void segments(List<SequenceFile.Sequence> read, int length, Map<String, Array> arrays) {
        long[] mask = new long[read.size() * length];
        long[] types = new long[mask.length];
        long[] labels = new long[read.size()];
        for (int i = 0; i < read.size(); i++) {
            SequenceFile.Sequence sequence = read.get(i);
            int end = i * length + sequence.tokens().length;
            Arrays.fill(mask, i * length, end, 1);
            Arrays.fill(types, i * length + sequence.second(), end, 1);
            labels[i] = sequence.label();
        }
        arrays.put(Batch.ATTENTION_MASK, new Array(mask, read.size(), length));
        arrays.put(Batch.TOKEN_TYPE_IDS, new Array(types, read.size(), length));
        if (pairs) {
            arrays.put(NEXT_SENTENCE_LABEL, new Array(labels, read.size()));
        }
    }

    @Override
    public String named(List<Batch> batches) {
        int[] rows = batches.stream()
                .flatMapToInt(batch -> Arrays.stream(batch.rows()))
                .toArray();
        return "sequences "
                + Arrays.stream(rows)
                        .limit(NAMED)
                        .mapToObj(row -> String.valueOf(row + 1))
                        .collect(Collectors.joining(", "))
                + (rows.length > NAMED ? " and " + (rows.length - NAMED) + " more" : "") + " of " + sequences.name();
    }
}
