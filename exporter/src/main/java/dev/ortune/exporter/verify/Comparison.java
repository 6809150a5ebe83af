package dev.ortune.exporter.verify;

/** How far two models are apart, gathered batch by batch. */
final class Comparison {
    private double logitDifference;
    private double probabilityDifference;

    /**
     * Takes a batch's logits.
     *
     * @param expected {@code [size][labels]}
     * @param actual likewise
     */
    void add(float[][] expected, float[][] actual) {
        for (int row = 0; row < expected.length; row++) {
            double[] expectedShares = softmax(expected[row]);
            double[] actualShares = softmax(actual[row]);
            for (int label = 0; label < expected[row].length; label++) {
                logitDifference = larger(logitDifference, expected[row][label] - actual[row][label]);
                probabilityDifference = larger(probabilityDifference, expectedShares[label] - actualShares[label]);
            }
        }
    }

    /** The largest difference of two logits; infinite where one is no number. */
    double logitDifference() {
        return logitDifference;
    }

    /** The largest difference of two probabilities. */
    double probabilityDifference() {
        return probabilityDifference;
    }

    private static double larger(double largest, double difference) {
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, Math.abs(difference));
    }

    private static double[] softmax(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] shares = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            shares[i] = Math.exp(logits[i] - largest);
            sum += shares[i];
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }
}
