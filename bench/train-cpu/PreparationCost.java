import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.BatchSampler;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.Collator;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a batch of 32 sentences costs before its step: tokenising it, and padding and copying it. The sentences are made
 * of the words that the benchmark's token ids stand for. Arguments: folder with tokenizer.json, batches. Prints
 * milliseconds a batch, the median of several passes: {@code tokenising MS batching MS}.
 */
public final class PreparationCost {
    private static final int PASSES = 7;
    private static final int BATCH_SIZE = 32;
    /** The batches' sentences are repeated up to this many, so that the clock has something to measure. */
    private static final int SENTENCES = 8192;

    private PreparationCost() {}

    public static void main(String[] args) throws IOException {
        JsonNode batches = new ObjectMapper().readTree(Path.of(args[1]).toFile());
        try (TextTokenizer tokenizer = TextTokenizer.load(Path.of(args[0]), 128)) {
            Dataset dataset = new Dataset("zipf", sentences(batches, tokenizer), new Labels(List.of("0", "1")));
            double[] tokenising = new double[PASSES];
            double[] batching = new double[PASSES];
            for (int pass = 0; pass < PASSES; pass++) {
                long begin = System.nanoTime();
                EncodedDataset encoded = EncodedDataset.encode(dataset, e -> tokenizer.encode(e.text(), e.pair()));
                long middle = System.nanoTime();
                Batches epoch = new Batches(encoded, new BatchSampler.Shuffled(42), Collator.dynamic(0), BATCH_SIZE);
                long cells = epoch.epoch(pass).map(Batch::inputIds).mapToLong(ids -> ids.length).sum();
                long end = System.nanoTime();
                if (cells < encoded.tokens()) {
                    throw new IllegalStateException("tokens were lost");
                }
                tokenising[pass] = (middle - begin) / 1e6 / epoch.count();
                batching[pass] = (end - middle) / 1e6 / epoch.count();
            }
            System.out.printf(Locale.ROOT, "tokenising %.4f batching %.4f%n", median(tokenising), median(batching));
        }
    }

    private static List<Example> sentences(JsonNode batches, TextTokenizer tokenizer) {
        List<Example> once = new ArrayList<>();
        for (JsonNode batch : batches) {
            for (JsonNode row : batch.get("input_ids")) {
                int[] ids = row.valueStream().mapToInt(JsonNode::asInt).filter(id -> id > 102).toArray();
                String text = String.join(" ", tokenizer.tokens(ids)).replace(" ##", "");
                once.add(new Example(text, null, 0, ""));
            }
        }
        List<Example> sentences = new ArrayList<>();
        while (sentences.size() < SENTENCES) {
            sentences.addAll(once);
        }
        return sentences.subList(0, SENTENCES);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
