package dev.ortune.trainer.report.statistics;

/** The mean of the values around each. */
public final class MovingAverage {
    private MovingAverage() {}

    /**
     * Averages over a centred window; at the ends over as much of it as there is.
     *
     * @param values {@code [n]}
     * @param window values of a full window, an odd number
     * @return {@code [n]}
     */
    public static double[] of(double[] values, int window) {
        double[] sums = new double[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            sums[i + 1] = sums[i] + values[i];
        }
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int from = Math.max(0, i - window / 2);
            int to = Math.min(values.length, i + window / 2 + 1);
            result[i] = (sums[to] - sums[from]) / (to - from);
        }
        return result;
    }
}
