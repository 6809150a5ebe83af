package dev.ortune.trainer.report;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How likely the right texts were to a model that writes, and what it wrote, in a set's order.
 *
 * @param losses the sum of the cross entropies of a text's tokens in nats, {@code [examples]}
 * @param tokens how many a text has, its end included, {@code [examples]}
 * @param right how many of them were the likeliest after the right ones before, {@code [examples]}
 * @param written what the model wrote after the first examples; none where it was not asked to
 */
public record WrittenPredictions(double[] losses, int[] tokens, int[] right, List<String> written)
        implements Predictions {
    /** After how many examples of a set it is asked to write: more take long and are read by nobody. */
    public static final int WRITTEN = 100;

    private static final String LOSSES = "losses";
    private static final String HITS = "hits";

    public WrittenPredictions {
        written = List.copyOf(written);
        if (losses.length != tokens.length || losses.length != right.length || written.size() > losses.length) {
            throw new IllegalArgumentException(losses.length + " losses, " + tokens.length + " numbers of tokens, "
                    + right.length + " of right ones and " + written.size() + " texts");
        }
    }

    /**
     * Asks a model about a whole set.
     *
     * @param targets the array of a batch that has the tokens to be written, below 0 behind their end
     * @param model gives a batch's {@code losses} and {@code hits} of these tokens
     */
    public static WrittenPredictions of(Batches batches, String targets, Function<Batch, Map<String, float[]>> model) {
        double[] losses = new double[batches.data().size()];
        int[] tokens = new int[losses.length];
        int[] right = new int[losses.length];
        batches.epoch(0).forEach(batch -> {
            Map<String, float[]> outputs = model.apply(batch);
            long[] all = batch.longs(targets);
            int places = all.length / batch.size();
            int next = 0;
            for (int i = 0; i < all.length; i++) {
                if (all[i] >= 0) {
                    int row = batch.rows()[i / places];
                    losses[row] += outputs.get(LOSSES)[next];
                    tokens[row]++;
                    right[row] += outputs.get(HITS)[next++] == 1 ? 1 : 0;
                }
            }
        });
        return new WrittenPredictions(losses, tokens, right, List.of());
    }

    /** The same with what was written after the first examples. */
    public WrittenPredictions with(List<String> texts) {
        return new WrittenPredictions(losses, tokens, right, texts);
    }

    @Override
    public int size() {
        return losses.length;
    }

    @Override
    public WritingMetrics metrics() {
        return metrics(IntStream.range(0, size()).toArray());
    }

    /** Of some of the examples, each as often as it is named. */
    public WritingMetrics metrics(int[] examples) {
        double loss = 0;
        long all = 0;
        long hits = 0;
        long exact = 0;
        for (int example : examples) {
            loss += losses[example];
            all += tokens[example];
            hits += right[example];
            exact += isExact(example) ? 1 : 0;
        }
        double texts = Math.max(1, examples.length);
        double each = Math.max(1, all);
        return new WritingMetrics(examples.length, all, loss / each, hits / each, exact / texts);
    }

    /** Whether the likeliest tokens are those of the right text. */
    public boolean isExact(int example) {
        return right[example] == tokens[example];
    }
}
