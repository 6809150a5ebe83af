package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Format;
import java.util.Arrays;

/**
 * The mean of a few measurements and how sure it is: the interval by Student's t that holds the true mean 95 times in 100,
 * if they scatter normally.
 *
 * @param mean NaN of none
 * @param half the interval's half width; NaN of fewer than two
 * @param count of the measurements
 */
public record MeanInterval(double mean, double half, int count) {
    private static final double INSIDE = 0.95;

    /** Of those values that are numbers. */
    public static MeanInterval of(double... values) {
        double[] numbers = Arrays.stream(values).filter(Double::isFinite).toArray();
        int n = numbers.length;
        double mean = Arrays.stream(numbers).average().orElse(Double.NaN);
        if (n < 2) {
            return new MeanInterval(mean, Double.NaN, n);
        }
        double squares = Arrays.stream(numbers)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double error = Math.sqrt(squares / (n - 1) / n);
        return new MeanInterval(mean, StudentT.within(INSIDE, n - 1) * error, n);
    }

    public double low() {
        return mean - half;
    }

    public double high() {
        return mean + half;
    }

    /** Such as {@code 0.8420 ± 0.0110}; a dash for nothing. */
    @Override
    public String toString() {
        if (count == 0) {
            return "–";
        }
        return Format.score(mean) + (count == 1 ? "" : " ± " + Format.score(half));
    }
}
