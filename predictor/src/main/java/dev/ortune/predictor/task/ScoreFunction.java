package dev.ortune.predictor.task;

/** What makes scores of logits, under the names that Hugging Face's API has for it. */
public enum ScoreFunction {
    /** Probabilities of labels that exclude each other. */
    SOFTMAX {
        @Override
        public double[] apply(float[] logits) {
            return softmax(logits, 0, logits.length);
        }
    },
    /** Probabilities of labels that do not exclude each other, or of one alone. */
    SIGMOID {
        @Override
        public double[] apply(float[] logits) {
            double[] scores = new double[logits.length];
            for (int label = 0; label < scores.length; label++) {
                scores[label] = 1 / (1 + Math.exp(-logits[label]));
            }
            return scores;
        }
    },
    /** The logits as they are. */
    NONE {
        @Override
        public double[] apply(float[] logits) {
            double[] scores = new double[logits.length];
            for (int label = 0; label < scores.length; label++) {
                scores[label] = logits[label];
            }
            return scores;
        }
    };

    /** The scores of a text, {@code [labels]}. */
    public abstract double[] apply(float[] logits);

    /** Softmax of {@code labels} logits that begin at {@code start}. */
    static double[] softmax(float[] logits, int start, int labels) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int label = 0; label < labels; label++) {
            largest = Math.max(largest, logits[start + label]);
        }
        double[] shares = new double[labels];
        double sum = 0;
        for (int label = 0; label < labels; label++) {
            shares[label] = Math.exp(logits[start + label] - largest);
            sum += shares[label];
        }
        for (int label = 0; label < labels; label++) {
            shares[label] /= sum;
        }
        return shares;
    }
}
