package dev.ortune.server.model;

import java.time.Duration;

/**
 * What a model says of a text.
 *
 * @param logits {@code [labels]}
 * @param tokens of the text, special ones included
 * @param queue how long it waited for its batch
 * @param inference how long its batch took
 */
public record Prediction(float[] logits, int tokens, Duration queue, Duration inference) {
    /** The label with the highest logit; the first of equals. */
    public int best() {
        int best = 0;
        for (int label = 1; label < logits.length; label++) {
            best = logits[label] > logits[best] ? label : best;
        }
        return best;
    }

    /** Softmax of the logits, {@code [labels]}. */
    public double[] softmax() {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] shares = new double[logits.length];
        double sum = 0;
        for (int label = 0; label < logits.length; label++) {
            shares[label] = Math.exp(logits[label] - largest);
            sum += shares[label];
        }
        for (int label = 0; label < logits.length; label++) {
            shares[label] /= sum;
        }
        return shares;
    }

    /** Each logit's sigmoid, {@code [labels]}: the labels do not exclude each other. */
    public double[] sigmoid() {
        double[] shares = new double[logits.length];
        for (int label = 0; label < logits.length; label++) {
            shares[label] = 1 / (1 + Math.exp(-logits[label]));
        }
        return shares;
    }
}
