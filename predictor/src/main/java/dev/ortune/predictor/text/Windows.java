package dev.ortune.predictor.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Cuts a question and its context into windows, as Hugging Face's tokenizer does with {@code only_second}: all of the question,
 * and as much of the context as there is room for.
 *
 * @param maxLength tokens of a window at most, special ones included
 * @param stride tokens of the context that one window shares with the next
 */
public record Windows(int maxLength, int stride) {
    /** Tokens of a window where nobody says otherwise and the model takes so many, as in transformers' pipeline. */
    public static final int LENGTH = 384;

    private static final int STRIDE = 128;

    private static final int BESIDE = -1;

    /** Windows that share with the next as many tokens as in transformers' pipeline. */
    public static Windows of(int maxLength) {
        return new Windows(maxLength, Math.min(maxLength / 2, STRIDE));
    }

    /**
     * The windows in order.
     *
     * @param encoding of the pair, whole
     * @param question which of a request's questions it is
     * @throws RequestException when the question leaves no more room than the stride takes
     */
    List<EncodedText> of(Encoding encoding, int question) {
        long[] special = encoding.getSpecialTokenMask();
        long[] parts = encoding.getSequenceIds();
        boolean[] ofContext = new boolean[special.length];
        for (int i = 0; i < ofContext.length; i++) {
            ofContext[i] = special[i] == 0 && parts[i] == 1;
        }
        int[] context =
                IntStream.range(0, ofContext.length).filter(i -> ofContext[i]).toArray();
        int room = maxLength - (ofContext.length - context.length);
        if (context.length > room && room <= stride) {
            throw new RequestException(
                    ErrorType.VALIDATION,
                    "the question leaves room for " + Math.max(0, room) + " tokens of the context within " + maxLength
                            + ", which must be more than `doc_stride`, " + stride);
        }
        List<EncodedText> windows = new ArrayList<>();
        for (int begin = 0; ; begin += room - stride) {
            int first = begin;
            int end = Math.min(begin + room, context.length);
            int[] kept = IntStream.range(0, ofContext.length)
                    .filter(i -> !ofContext[i] || (i >= context[first] && i <= context[end - 1]))
                    .toArray();
            windows.add(window(encoding, kept, ofContext, question));
            if (end == context.length) {
                return windows;
            }
        }
    }

    private static EncodedText window(Encoding encoding, int[] kept, boolean[] ofContext, int question) {
        CharSpan[] spans = encoding.getCharTokenSpans();
        long[] words = encoding.getWordIds();
        int[][] places = new int[4][kept.length];
        Map<Long, int[]> wordSpans = new HashMap<>();
        for (int i = 0; i < kept.length; i++) {
            CharSpan span = spans[kept[i]];
            if (ofContext[kept[i]] && span != null) {
                int[] word =
                        wordSpans.computeIfAbsent(words[kept[i]], key -> new int[] {span.getStart(), span.getEnd()});
                word[1] = Math.max(word[1], span.getEnd());
            }
        }
        for (int i = 0; i < kept.length; i++) {
            CharSpan span = spans[kept[i]];
            boolean beside = !ofContext[kept[i]] || span == null;
            int[] word = beside ? new int[] {BESIDE, BESIDE} : wordSpans.get(words[kept[i]]);
            places[0][i] = beside ? BESIDE : span.getStart();
            places[1][i] = beside ? BESIDE : span.getEnd();
            places[2][i] = word[0];
            places[3][i] = word[1];
        }
        return new EncodedText(
                picked(encoding.getIds(), kept),
                picked(encoding.getTypeIds(), kept),
                Tokens.NONE,
                new Spans(question, places[0], places[1], places[2], places[3]));
    }

    private static long[] picked(long[] values, int[] places) {
        return Arrays.stream(places).mapToLong(place -> values[place]).toArray();
    }
}
