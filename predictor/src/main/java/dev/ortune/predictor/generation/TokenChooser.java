package dev.ortune.predictor.generation;

import dev.ortune.predictor.GenerationParameters;
import dev.ortune.predictor.Sampling;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * Chooses the next token of a text: the likeliest, or one that is drawn, by transformers' rules and in their order: the penalty for
 * tokens that are there, temperature, top-k, top-p.
 */
final class TokenChooser {
    private final GenerationParameters parameters;
    private final SplittableRandom random;
    /** Tokens that the text has. */
    private final BitSet seen = new BitSet();

    TokenChooser(GenerationParameters parameters) {
        this.parameters = parameters;
        this.random = parameters.sampling() == null
                ? null
                : new SplittableRandom(parameters.sampling().seed());
    }

    /**
     * A token and how likely it was.
     *
     * @param logprob the logarithm of its probability, before top-k and top-p
     */
    record Choice(int token, double logprob) {}

    /** Takes note of a token of the text. */
    void saw(long token) {
        seen.set((int) token);
    }

    /**
     * Chooses one.
     *
     * @param logits {@code [vocab]}, which are changed
     */
    Choice choose(float[] logits) {
        penalise(logits);
        if (random == null) {
            int best = 0;
            for (int token = 1; token < logits.length; token++) {
                best = logits[token] > logits[best] ? token : best;
            }
            return new Choice(best, logits[best] - logSum(logits));
        }
        for (int token = 0; token < logits.length; token++) {
            logits[token] = (float) (logits[token] / parameters.sampling().temperature());
        }
        double logSum = logSum(logits);
        int token = drawn(logits, logSum);
        return new Choice(token, logits[token] - logSum);
    }

    /** What is likely becomes less so by division, what is unlikely by multiplication. */
    private void penalise(float[] logits) {
        double penalty = parameters.repetitionPenalty();
        if (penalty != 1) {
            seen.stream()
                    .filter(token -> token < logits.length)
                    .forEach(token -> logits[token] =
                            (float) (logits[token] < 0 ? logits[token] * penalty : logits[token] / penalty));
        }
    }

    private int drawn(float[] logits, double logSum) {
        Sampling sampling = parameters.sampling();
        boolean all = sampling.topP() == 1 && (sampling.topK() == 0 || sampling.topK() >= logits.length);
        if (all) {
            double left = random.nextDouble();
            for (int token = 0; token < logits.length; token++) {
                left -= Math.exp(logits[token] - logSum);
                if (left < 0) {
                    return token;
                }
            }
            return logits.length - 1;
        }
        int[] byLogit = byLogit(logits);
        int count = sampling.topK() == 0 ? logits.length : Math.min(sampling.topK(), logits.length);
        double[] shares = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            shares[i] = Math.exp(logits[byLogit[i]] - logSum);
            sum += shares[i];
        }
        // The fewest tokens that reach the sum, one at least: of those that top-k left.
        double reached = 0;
        int kept = 0;
        while (kept < count && (kept == 0 || reached < sampling.topP() * sum)) {
            reached += shares[kept++];
        }
        double left = random.nextDouble() * reached;
        for (int i = 0; i < kept; i++) {
            left -= shares[i];
            if (left < 0) {
                return byLogit[i];
            }
        }
        return byLogit[kept - 1];
    }

    /** The tokens, the likeliest first, of equal ones the first. */
    private static int[] byLogit(float[] logits) {
        // Numbers that are sorted as the logits are, each with its token behind it.
        long[] keys = new long[logits.length];
        for (int token = 0; token < keys.length; token++) {
            int bits = Float.floatToIntBits(-logits[token]);
            int ordered = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
            keys[token] = ((long) ordered << Integer.SIZE) | token;
        }
        Arrays.sort(keys);
        int[] tokens = new int[keys.length];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = (int) keys[i];
        }
        return tokens;
    }

    /** The logarithm of the sum of what the logits are logarithms of. */
    static double logSum(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }
}
