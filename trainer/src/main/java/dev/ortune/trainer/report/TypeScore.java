package dev.ortune.trainer.report;

/**
 * How well the entities of one type, or of all, were found: an entity counts where its type and both its ends are right.
 *
 * @param type of the entities
 * @param correct how many of those predicted are right
 * @param predicted how many there are by the model
 * @param support how many there are
 */
public record TypeScore(String type, long correct, long predicted, long support) {
    /** Share of the predicted ones that are right; 0 without any. */
    public double precision() {
        return predicted == 0 ? 0 : (double) correct / predicted;
    }

    /** Share of the right ones that were found; 0 without any. */
    public double recall() {
        return support == 0 ? 0 : (double) correct / support;
    }

    /** {@code 2 correct / (predicted + support)}; 0 without any. */
    public double f1() {
        return predicted + support == 0 ? 0 : 2.0 * correct / (predicted + support);
    }

    /** Of two parts of a set. */
    TypeScore plus(TypeScore other) {
        return new TypeScore(type, correct + other.correct, predicted + other.predicted, support + other.support);
    }
}
