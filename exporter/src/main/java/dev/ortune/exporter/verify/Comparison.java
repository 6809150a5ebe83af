package dev.ortune.exporter.verify;

/** How far the numbers of two models are apart, gathered output by output. */
final class Comparison {
    private final Verdict verdict;
    private double difference;
    private double probabilityDifference;

    Comparison(Verdict verdict) {
        this.verdict = verdict;
    }

    /** Takes an output of a batch. */
    void add(ModelOutput expected, ModelOutput actual) {
        for (int text = 0; text < expected.texts().length; text++) {
            for (int row = 0; row < expected.texts()[text].length; row++) {
                add(expected.texts()[text][row], actual.texts()[text][row]);
            }
        }
    }

    private void add(float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            difference = larger(difference, expected[i] - actual[i]);
        }
        if (verdict != Verdict.NUMBER) {
            double[] expectedShares = probabilities(expected);
            double[] actualShares = probabilities(actual);
            for (int i = 0; i < expected.length; i++) {
                probabilityDifference = larger(probabilityDifference, expectedShares[i] - actualShares[i]);
            }
        }
    }

    /** The largest difference of two numbers; infinite where one is none. */
    double difference() {
        return difference;
    }

    /** The largest difference of two probabilities, or null where the outputs are no logits. */
    Double probabilityDifference() {
        return verdict == Verdict.NUMBER ? null : Double.valueOf(probabilityDifference);
    }

    private static double larger(double largest, double difference) {
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, Math.abs(difference));
    }

    private double[] probabilities(float[] logits) {
        double[] shares = new double[logits.length];
        if (verdict == Verdict.EACH_LABEL) {
            for (int i = 0; i < shares.length; i++) {
                shares[i] = 1 / (1 + Math.exp(-logits[i]));
            }
            return shares;
        }
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
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
