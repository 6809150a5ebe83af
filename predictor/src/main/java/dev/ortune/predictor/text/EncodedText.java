package dev.ortune.predictor.text;

/**
 * A text's tokens.
 *
 * @param ids {@code [length]}
 * @param typeIds {@code [length]}
 * @param tokens by name and place, {@code [length]}; none where the task does without them
 * @param spans of a window of a context; none of other texts
 * @param adapter the number of the one that it is for, where a file has several
 */
public record EncodedText(long[] ids, long[] typeIds, Tokens tokens, Spans spans, int adapter) {
    /** For a file without adapters. */
    public EncodedText(long[] ids, long[] typeIds, Tokens tokens, Spans spans) {
        this(ids, typeIds, tokens, spans, 0);
    }

    /** The same for an adapter. */
    public EncodedText forAdapter(int number) {
        return new EncodedText(ids, typeIds, tokens, spans, number);
    }

    /** Of a text that is no window. */
    public EncodedText(long[] ids, long[] typeIds, Tokens tokens) {
        this(ids, typeIds, tokens, Spans.NONE);
    }

    /** For tasks that do without names and places. */
    public EncodedText(long[] ids, long[] typeIds) {
        this(ids, typeIds, Tokens.NONE);
    }

    /** One to warm up with. */
    public static EncodedText zeros(int length) {
        return new EncodedText(new long[length], new long[length]);
    }

    public int length() {
        return ids.length;
    }
}
