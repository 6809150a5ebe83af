package dev.ortune.trainer.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.ortune.trainer.OrtuneException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts a pair of texts into windows: all of the first text, and as much of the second as there is room for.
 *
 * @param maxLength tokens of a window at most, special ones included
 * @param stride tokens of the second text that one window shares with the next
 */
record Windows(int maxLength, int stride) {
    /** In the place of a text's number: that of the second. */
    private static final long SECOND = 1;

    /**
     * The windows in order.
     *
     * @param ids token ids, {@code [length]}
     * @param typeIds segments, {@code [length]}
     * @param sequences which text each token is of, 0 or 1; negative for special tokens, {@code [length]}
     * @param spans where each token is in its text, in code points; null for none, {@code [length]}
     */
    List<Encoding> of(long[] ids, long[] typeIds, long[] sequences, CharSpan[] spans) {
        int[] second = IntStream.range(0, ids.length)
                .filter(token -> sequences[token] == SECOND)
                .toArray();
        int others = ids.length - second.length;
        int room = maxLength - others;
        if (second.length > room && room <= stride) {
            throw new OrtuneException(
                    "the question leaves room for " + Math.max(0, room) + " tokens of the context within "
                            + maxLength + ", which must be more than the stride of " + stride
                            + "; raise --max-length or lower --doc-stride");
        }
        List<Encoding> windows = new ArrayList<>();
        int begin = 0;
        while (true) {
            int end = Math.min(begin + room, second.length);
            int first = begin;
            int[] tokens = IntStream.range(0, ids.length)
                    .filter(token -> sequences[token] != SECOND || (token >= second[first] && token <= second[end - 1]))
                    .toArray();
            windows.add(window(tokens, ids, typeIds, sequences, spans));
            if (end == second.length) {
                return windows;
            }
            begin += room - stride;
        }
    }

    private static Encoding window(int[] tokens, long[] ids, long[] typeIds, long[] sequences, CharSpan[] spans) {
        int[] places = new int[2 * tokens.length];
        Arrays.fill(places, Encoding.NO_SPAN);
        for (int i = 0; i < tokens.length; i++) {
            CharSpan span = spans[tokens[i]];
            if (sequences[tokens[i]] == SECOND && span != null) {
                places[2 * i] = span.getStart();
                places[2 * i + 1] = span.getEnd();
            }
        }
        return new Encoding(picked(ids, tokens), picked(typeIds, tokens), null, places, 0);
    }

    private static int[] picked(long[] values, int[] tokens) {
        return Arrays.stream(tokens)
                .map(token -> Math.toIntExact(values[token]))
                .toArray();
    }
}
