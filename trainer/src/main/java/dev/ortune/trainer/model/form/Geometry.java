package dev.ortune.trainer.model.form;

/**
 * What a form must know of a network before anything is computed.
 *
 * @param heads attention heads
 * @param keyHeads of keys and values, where several heads share them
 * @param headSize width of each
 * @param mostTokens of a text, special ones included
 * @param tokenTypes whether the graphs take {@code token_type_ids}
 */
public record Geometry(int heads, int keyHeads, int headSize, int mostTokens, boolean tokenTypes) {
    /** Of heads with keys of their own. */
    public Geometry(int heads, int headSize, int mostTokens, boolean tokenTypes) {
        this(heads, heads, headSize, mostTokens, tokenTypes);
    }
}
