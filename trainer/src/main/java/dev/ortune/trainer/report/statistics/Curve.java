package dev.ortune.trainer.report.statistics;

/**
 * Points that a line joins.
 *
 * @param x {@code [n]}
 * @param y {@code [n]}
 */
public record Curve(double[] x, double[] y) {
    public Curve {
        if (x.length != y.length) {
            throw new IllegalArgumentException(x.length + " x for " + y.length + " y");
        }
    }

    public int size() {
        return x.length;
    }

    /** The same with at most about {@code most} points, the first and the last among them: as many as can be seen. */
    public Curve thinned(int most) {
        if (size() <= most) {
            return this;
        }
        double[] fewerX = new double[most];
        double[] fewerY = new double[most];
        for (int i = 0; i < most; i++) {
            int from = (int) ((long) i * (size() - 1) / (most - 1));
            fewerX[i] = x[from];
            fewerY[i] = y[from];
        }
        return new Curve(fewerX, fewerY);
    }
}
