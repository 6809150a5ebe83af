package dev.ortune.trainer.report;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.BatchSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * How well a model guesses what is behind masks, and perhaps whether one text follows another.
 *
 * @param count masked tokens
 * @param wordLoss their mean cross entropy in nats
 * @param accuracy share of them for which the likeliest token is the right one
 * @param next how well it tells next sentences; null where it was not asked
 */
public record MaskedWords(long count, double wordLoss, double accuracy, NextSentences next) implements Metrics {
    /** Names of what a model gives for a batch. */
    private static final String LOSSES = "losses";

    private static final String HITS = "hits";
    private static final String NEXT_SENTENCE_LOGITS = "seq_relationship_logits";
    private static final String NEXT_SENTENCE_LABEL = "next_sentence_label";

    /**
     * Of pairs of texts.
     *
     * @param loss mean cross entropy in nats
     * @param accuracy share of them that were told right
     */
    public record NextSentences(double loss, double accuracy) {}

    /**
     * Asks a model about a whole set.
     *
     * @param model gives a batch's {@code losses} and {@code hits} of masked tokens, and the logits of next sentences where the
     *     batches have their labels
     */
    public static MaskedWords of(BatchSource set, Function<Batch, Map<String, float[]>> model) {
        Sums words = new Sums();
        Sums pairs = new Sums();
        for (Iterator<Batch> batches = set.epoch(0, 0).iterator(); batches.hasNext(); ) {
            Batch batch = batches.next();
            Map<String, float[]> outputs = model.apply(batch);
            float[] losses = outputs.get(LOSSES);
            float[] hits = outputs.get(HITS);
            for (int i = 0; i < losses.length; i++) {
                words.add(losses[i], hits[i] == 1);
            }
            if (batch.arrays().containsKey(NEXT_SENTENCE_LABEL)) {
                add(pairs, batch.longs(NEXT_SENTENCE_LABEL), outputs.get(NEXT_SENTENCE_LOGITS));
            }
        }
        return new MaskedWords(
                words.count,
                words.loss(),
                words.accuracy(),
                pairs.count == 0 ? null : new NextSentences(pairs.loss(), pairs.accuracy()));
    }

    private static void add(Sums pairs, long[] labels, float[] logits) {
        for (int i = 0; i < labels.length; i++) {
            double right = logits[2 * i + (int) labels[i]];
            double wrong = logits[2 * i + 1 - (int) labels[i]];
            double more = wrong - right;
            pairs.add(Math.max(0, more) + Math.log1p(Math.exp(-Math.abs(more))), right > wrong);
        }
    }

    private static final class Sums {
        private long count;
        private double losses;
        private long right;

        void add(double loss, boolean isRight) {
            count++;
            losses += loss;
            right += isRight ? 1 : 0;
        }

        double loss() {
            return losses / count;
        }

        double accuracy() {
            return (double) right / count;
        }
    }

    /** Of both objectives, if there are two. */
    @Override
    public double loss() {
        return wordLoss + (next == null ? 0 : next.loss());
    }

    /** How many words are as likely as the right one, in the mean: e to the mean cross entropy. */
    public double perplexity() {
        return Math.exp(wordLoss);
    }

    @Override
    public Map<Metric, Double> values() {
        Map<Metric, Double> values = new LinkedHashMap<>();
        values.put(Metric.PERPLEXITY, perplexity());
        values.put(Metric.ACCURACY, accuracy);
        if (next != null) {
            values.put(Metric.NSP_ACCURACY, next.accuracy());
        }
        return values;
    }
}
