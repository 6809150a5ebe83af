package dev.ortune.trainer.report.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a classifier is right as often as it says: predictions in bins of equal width by the probability of the
 * predicted label (Guo et al. 2017, "On Calibration of Modern Neural Networks").
 *
 * @param bins from 0 to 1, empty ones too
 */
public record Calibration(List<Bin> bins) {
    /** As many as that paper takes. */
    public static final int BINS = 15;

    public Calibration {
        bins = List.copyOf(bins);
    }

    /**
     * One bin, (from, to].
     *
     * @param count predictions in it
     * @param confidence their mean probability; 0 without any
     * @param accuracy share of right ones; 0 without any
     */
    public record Bin(double from, double to, int count, double confidence, double accuracy) {}

    /**
     * Sorts predictions into bins.
     *
     * @param confidences probability of each prediction, {@code [n]}
     * @param right whether it was right, {@code [n]}
     */
    public static Calibration of(double[] confidences, boolean[] right, int bins) {
        int[] counts = new int[bins];
        double[] sums = new double[bins];
        int[] hits = new int[bins];
        for (int i = 0; i < confidences.length; i++) {
            int bin = Math.max(0, Math.min(bins - 1, (int) Math.ceil(confidences[i] * bins) - 1));
            counts[bin]++;
            sums[bin] += confidences[i];
            hits[bin] += right[i] ? 1 : 0;
        }
        List<Bin> result = new ArrayList<>();
        for (int bin = 0; bin < bins; bin++) {
            int count = Math.max(1, counts[bin]);
            result.add(new Bin(
                    (double) bin / bins,
                    (double) (bin + 1) / bins,
                    counts[bin],
                    sums[bin] / count,
                    (double) hits[bin] / count));
        }
        return new Calibration(result);
    }

    /** Expected calibration error: mean distance of accuracy and confidence, each bin weighted by its predictions. */
    public double expectedError() {
        double total = bins.stream().mapToInt(Bin::count).sum();
        return bins.stream()
                .mapToDouble(bin -> bin.count() / total * Math.abs(bin.accuracy() - bin.confidence()))
                .sum();
    }
}
