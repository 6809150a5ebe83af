package dev.ortune.predictor.text;

/**
 * Where the tokens of a window are in the context that it is a part of, in Unicode code points, as Python counts; -1 for tokens
 * that are not of the context.
 *
 * @param question which of a request's questions the window is of
 * @param starts where each token begins, {@code [length]}
 * @param ends one past its last, {@code [length]}
 * @param wordStarts where the tokens of its word in the window begin, {@code [length]}
 * @param wordEnds one past their last, {@code [length]}
 */
public record Spans(int question, int[] starts, int[] ends, int[] wordStarts, int[] wordEnds) {
    /** Of a text that is no window. */
    static final Spans NONE = new Spans(0, new int[0], new int[0], new int[0], new int[0]);

    private static final int BESIDE = -1;

    /** Whether a token is one of the context. */
    public boolean isOfContext(int token) {
        return starts[token] != BESIDE;
    }
}
