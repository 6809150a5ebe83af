package dev.ortune.trainer.report.statistics;

/** Student's t distribution for whole degrees of freedom, which has finite sums (Abramowitz and Stegun, 26.7.3 and 26.7.4). */
final class StudentT {
    /** Halvings after which a double is as near as it can be. */
    private static final int HALVINGS = 200;

    private StudentT() {}

    /** How far from 0 a share of all values are at most. */
    static double within(double share, int degrees) {
        // Of the angle whose tangent is t over the root of the degrees, as t itself may be anything.
        double low = 0;
        double high = Math.PI / 2;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (share(middle, degrees) < share) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.tan((low + high) / 2) * Math.sqrt(degrees);
    }

    private static double share(double angle, int degrees) {
        double cosine = Math.cos(angle);
        boolean odd = degrees % 2 == 1;
        double term = odd ? cosine : 1;
        double sum = degrees == 1 ? 0 : term;
        for (int k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
            term *= cosine * cosine * (k - 1) / k;
            sum += term;
        }
        double part = Math.sin(angle) * sum;
        return odd ? 2 / Math.PI * (angle + part) : part;
    }
}
