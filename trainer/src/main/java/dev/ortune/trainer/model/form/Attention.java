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
 */
public record Attention(
        Projections projections, int heads, int headSize, double dropout, Scores scores, Rotary rotary, int window) {
    /** Of all keys, as they are. */
    public Attention(Projections projections, int heads, int headSize, double dropout, Scores scores) {
        this(projections, heads, headSize, dropout, scores, null, 0);
    }

    int width() {
        return heads * headSize;
    }

    String module() {
        return projections.module();
    }
}
