package dev.ortune.trainer.report;

/**
 * How well one label of several that do not exclude each other was given.
 *
 * @param name the label's
 * @param threshold the probability from which it was given
 * @param correct texts that have it and were given it
 * @param predicted texts that were given it
 * @param support texts that have it
 */
public record LabelScore(String name, double threshold, long correct, long predicted, long support) {
    /** Share of the texts given it that have it; 0 without any. */
    public double precision() {
        return predicted == 0 ? 0 : (double) correct / predicted;
    }

    /** Share of the texts that have it which were given it; 0 without any. */
    public double recall() {
        return support == 0 ? 0 : (double) correct / support;
    }

    /** {@code 2 correct / (predicted + support)}; 0 without any. */
    public double f1() {
        return f1(correct, predicted, support);
    }

    static double f1(long correct, long predicted, long support) {
        return predicted + support == 0 ? 0 : 2.0 * correct / (predicted + support);
    }
}
