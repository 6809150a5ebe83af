package dev.ortune.trainer.model.form;

/**
 * The names and sizes of an attention, and which keys are compared with a query, and how.
 *
 * @param projections of queries, keys and values
 * @param heads how many
 * @param keyHeads how many of keys and values; fewer than heads where several of these ask the same keys (Ainslie et al. 2023,
 *     arXiv:2305.13245)
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
        int keyHeads,
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
        if (heads % keyHeads != 0) {
            throw new IllegalArgumentException(heads + " heads cannot share the keys of " + keyHeads);
        }
    }

    /** Of all keys, as they are. */
    public Attention(Projections projections, int heads, int headSize, double dropout, Scores scores) {
        this(projections, heads, heads, headSize, dropout, scores, null, 0, false);
    }

    int width() {
        return heads * headSize;
    }

    /** Heads of what a projection gives. */
    int heads(Projection which) {
        return which == Projection.QUERY ? heads : keyHeads;
    }

    /** Width of what a projection gives. */
    int width(Projection which) {
        return heads(which) * headSize;
    }

    /** How many heads ask the same keys. */
    int sharing() {
        return heads / keyHeads;
    }

    String module() {
        return projections.module();
    }
}
