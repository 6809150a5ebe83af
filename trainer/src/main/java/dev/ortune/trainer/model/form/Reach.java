package dev.ortune.trainer.model.form;

/**
 * Which keys a query sees.
 *
 * @param window how far a key may stand from a query; 0 for any distance
 * @param causal whether a query sees only the keys of its own place and of those before it
 */
public record Reach(int window, boolean causal) {
    /** All keys of the text. */
    public static final Reach ALL = new Reach(0, false);

    /** Those of its own place and before it. */
    public static final Reach CAUSAL = new Reach(0, true);

    public Reach {
        if (causal && window > 0) {
            throw new IllegalArgumentException("No window of a causal attention is computed");
        }
    }

    /** Those that are near. */
    public static Reach within(int window) {
        return new Reach(window, false);
    }
}
