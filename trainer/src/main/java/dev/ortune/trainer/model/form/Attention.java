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
 * @param reach which keys a query sees
 */
public record Attention(
        Projections projections,
        int heads,
        int keyHeads,
        int headSize,
        double dropout,
        Scores scores,
        Rotary rotary,
        Reach reach) {
    public Attention {
        if (heads % keyHeads != 0) {
            throw new IllegalArgumentException(heads + " heads cannot share the keys of " + keyHeads);
        }
    }

    /** Of all keys, as they are. */
    public Attention(Projections projections, int heads, int headSize, double dropout, Scores scores) {
        this(projections, heads, heads, headSize, dropout, scores, null, Reach.ALL);
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
