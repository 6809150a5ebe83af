package dev.ortune.trainer.model.form;

/**
 * The names and sizes of an attention, and which keys are compared with a query, and how.
 *
 * @param projections of queries, keys and values
 * @param heads how many
 * @param headSize width of each
 * @param dropout of the probabilities
 * @param scores how well a query and a key match
 * @param rotary how queries and keys are turned by their places; null where they are not
 * @param window how far a key may stand from a query; 0 for any distance
 * @param causal whether a query sees only the keys of its own place and of those before it
 */
public record Attention(
        Projections projections,
        int heads,
        int headSize,
        double dropout,
        Scores scores,
        Rotary rotary,
        int window,
        boolean causal) {
    public Attention {
        if (causal && window > 0) {
            throw new IllegalArgumentException("No window of a causal attention is computed");
        }
    }

    /** Of all keys, as they are. */
    public Attention(Projections projections, int heads, int headSize, double dropout, Scores scores) {
        this(projections, heads, headSize, dropout, scores, null, 0, false);
    }

    int width() {
        return heads * headSize;
    }

    String module() {
        return projections.module();
    }
}
