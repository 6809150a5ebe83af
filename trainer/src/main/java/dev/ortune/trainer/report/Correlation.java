package dev.ortune.trainer.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How far two rows of numbers go together, from -1 to 1; 0 where one of them does not vary at all. */
public final class Correlation {
    private Correlation() {}

    /** Pearson's: the covariance by both standard deviations. */
    public static double pearson(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElse(0);
        double meanY = Arrays.stream(y).average().orElse(0);
        double covariance = 0;
        double varianceX = 0;
        double varianceY = 0;
        for (int i = 0; i < x.length; i++) {
            double dx = x[i] - meanX;
            double dy = y[i] - meanY;
            covariance += dx * dy;
            varianceX += dx * dx;
            varianceY += dy * dy;
        }
        double spread = Math.sqrt(varianceX) * Math.sqrt(varianceY);
        return spread == 0 ? 0 : Math.max(-1, Math.min(1, covariance / spread));
    }

    /** Spearman's: Pearson's of the ranks, where equal numbers share the mean of theirs, as SciPy's {@code spearmanr} has it. */
    public static double spearman(double[] x, double[] y) {
        return pearson(ranks(x), ranks(y));
    }

    /** The place of each number in their order, from 1; equal ones share the mean of their places. */
    static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        int from = 0;
        for (int to = 1; to <= order.length; to++) {
            if (to == order.length || values[order[to]] != values[order[from]]) {
                for (int i = from; i < to; i++) {
                    ranks[order[i]] = (from + 1 + to) / 2.0;
                }
                from = to;
            }
        }
        return ranks;
    }
}
