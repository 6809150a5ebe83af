package dev.ortune.trainer.report;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a classifier with labels that do not exclude each other said of each example of a set, in the set's order.
 *
 * @param names label names in the order of their ids
 * @param logits {@code [examples, labels]}
 * @param labels which are right, {@code [examples, labels]}
 * @param thresholds the probability from which each label is given, {@code [labels]}
 */
public record LabelSetPredictions(List<String> names, float[][] logits, boolean[][] labels, double[] thresholds)
        implements Predictions {
    public LabelSetPredictions {
        names = List.copyOf(names);
        if (logits.length != labels.length || thresholds.length != names.size()) {
            throw new IllegalArgumentException(logits.length + " rows of logits for " + labels.length + " of labels, "
                    + thresholds.length + " thresholds for " + names.size() + " labels");
        }
    }

    /**
     * Asks a model about a whole set.
     *
     * @param batches the set; in any order, as each example's position comes with it
     * @param thresholds the probability from which each label is given, {@code [labels]}
     * @param model gives a batch's logits, {@code [size * labels]}
     */
    public static LabelSetPredictions of(Batches batches, double[] thresholds, Function<Batch, float[]> model) {
        List<String> names = batches.data().dataset().labels().names();
        float[][] logits = new float[batches.data().size()][names.size()];
        boolean[][] labels = new boolean[logits.length][names.size()];
        batches.epoch(0).forEach(batch -> {
            float[] values = model.apply(batch);
            float[] right = batch.arrays().get(Batch.LABELS).floats();
            for (int i = 0; i < values.length; i++) {
                int row = batch.rows()[i / names.size()];
                logits[row][i % names.size()] = values[i];
                labels[row][i % names.size()] = right[i] > 0;
            }
        });
        return new LabelSetPredictions(names, logits, labels, thresholds);
    }

    @Override
    public int size() {
        return labels.length;
    }

    /** Sigmoid of a logit. */
    public double probability(int example, int label) {
        return 1 / (1 + Math.exp(-logits[example][label]));
    }

    /** Whether a label is given to an example. */
    public boolean isGiven(int example, int label) {
        return probability(example, label) >= thresholds[label];
    }

    /** The names of the labels that are right. */
    public List<String> right(int example) {
        return IntStream.range(0, names.size())
                .filter(label -> labels[example][label])
                .mapToObj(names::get)
                .toList();
    }

    /** The names of the labels that are given. */
    public List<String> given(int example) {
        return IntStream.range(0, names.size())
                .filter(label -> isGiven(example, label))
                .mapToObj(names::get)
                .toList();
    }

    @Override
    public MultiLabelMetrics metrics() {
        return measured().metrics(IntStream.range(0, size()).toArray());
    }

    /** What follows from each example alone, so that samples of them are measured soon. */
    public Measured measured() {
        return new Measured();
    }

    /** The examples, looked at once. */
    public final class Measured {
        private final int count = names.size();
        private final boolean[][] given = new boolean[size()][count];
        private final double[] losses = new double[size()];
        private final double[] ranking = new double[size()];

        private Measured() {
            for (int example = 0; example < given.length; example++) {
                for (int label = 0; label < count; label++) {
                    given[example][label] = isGiven(example, label);
                    losses[example] += loss(logits[example][label], labels[example][label]) / count;
                }
                ranking[example] = rankingAveragePrecision(logits[example], labels[example]);
            }
        }

        /** Of some of the examples, each as often as it is named. */
        public MultiLabelMetrics metrics(int[] examples) {
            long[] correct = new long[count];
            long[] predicted = new long[count];
            long[] support = new long[count];
            double loss = 0;
            double rankings = 0;
            long exact = 0;
            for (int example : examples) {
                for (int label = 0; label < count; label++) {
                    boolean right = labels[example][label];
                    correct[label] += right && given[example][label] ? 1 : 0;
                    predicted[label] += given[example][label] ? 1 : 0;
                    support[label] += right ? 1 : 0;
                }
                exact += Arrays.equals(given[example], labels[example]) ? 1 : 0;
                loss += losses[example];
                rankings += ranking[example];
            }
            List<LabelScore> scores = new ArrayList<>(count);
            for (int label = 0; label < count; label++) {
                scores.add(new LabelScore(
                        names.get(label), thresholds[label], correct[label], predicted[label], support[label]));
            }
            double n = Math.max(1, examples.length);
            return new MultiLabelMetrics(examples.length, loss / n, scores, exact / n, rankings / n);
        }
    }

    /** {@code log(1 + exp(-x))} of a label that is right, {@code log(1 + exp(x))} of one that is not. */
    private static double loss(double logit, boolean right) {
        double x = right ? -logit : logit;
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /**
     * Over an example's labels that are right the mean share of such labels among those that rank at least as high; 1 where
     * none or all are right.
     */
    private static double rankingAveragePrecision(float[] scores, boolean[] right) {
        double sum = 0;
        int relevant = 0;
        for (int label = 0; label < scores.length; label++) {
            if (!right[label]) {
                continue;
            }
            relevant++;
            int above = 0;
            int rightAbove = 0;
            for (int other = 0; other < scores.length; other++) {
                if (scores[other] >= scores[label]) {
                    above++;
                    rightAbove += right[other] ? 1 : 0;
                }
            }
            sum += (double) rightAbove / above;
        }
        return relevant == 0 || relevant == scores.length ? 1 : sum / relevant;
    }
}
