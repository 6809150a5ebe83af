package dev.ortune.predictor.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.ArrayList;
import java.util.List;

/** Where the tokens of a text are in its UTF-8. */
final class Places {
    private Places() {}

    static List<TextToken> tokens(String text, Encoding encoding) {
        int[] points = text.codePoints().toArray();
        int[] bytes = new int[points.length + 1];
        for (int i = 0; i < points.length; i++) {
            bytes[i + 1] = bytes[i] + length(points[i]);
        }
        long[] ids = encoding.getIds();
        long[] special = encoding.getSpecialTokenMask();
        CharSpan[] spans = encoding.getCharTokenSpans();
        List<TextToken> tokens = new ArrayList<>(ids.length);
        for (int i = 0; i < ids.length; i++) {
            CharSpan span = spans[i];
            if (special[i] != 0 || span == null) {
                tokens.add(new TextToken(ids[i], encoding.getTokens()[i], true, 0, 0));
            } else {
                String part = new String(points, span.getStart(), span.getEnd() - span.getStart());
                tokens.add(new TextToken(ids[i], part, false, bytes[span.getStart()], bytes[span.getEnd()]));
            }
        }
        return tokens;
    }

    /** Bytes of a code point. */
    private static int length(int point) {
        return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }
}
