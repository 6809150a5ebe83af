package dev.ortune.server.model;

import ai.djl.huggingface.tokenizers.Encoding;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Leaves out tokens of a text that is too long, as Hugging Face's {@code longest_first} does; special ones stay. */
final class Shortening {
    private Shortening() {}

    /** The text without {@code excess} tokens, taken one by one from the longer of its two parts. */
    static EncodedText of(Encoding encoding, int excess, Truncation side) {
        long[] special = encoding.getSpecialTokenMask();
        long[] parts = encoding.getSequenceIds();
        boolean[] out = new boolean[special.length];
        int[] left = new int[2];
        for (int i = 0; i < special.length; i++) {
            if (special[i] == 0) {
                left[(int) parts[i]]++;
            }
        }
        int[] keep = left.clone();
        for (int i = 0; i < excess; i++) {
            keep[keep[0] >= keep[1] ? 0 : 1]--;
        }
        for (int part = 0; part < 2; part++) {
            drop(out, special, parts, part, left[part] - Math.max(0, keep[part]), side);
        }
        int[] kept = IntStream.range(0, out.length).filter(i -> !out[i]).toArray();
        return new EncodedText(picked(encoding.getIds(), kept), picked(encoding.getTypeIds(), kept));
    }

    private static void drop(boolean[] out, long[] special, long[] parts, int part, int count, Truncation side) {
        int[] places = IntStream.range(0, special.length)
                .filter(i -> special[i] == 0 && parts[i] == part)
                .toArray();
        int first = side == Truncation.LEFT ? 0 : places.length - count;
        for (int i = 0; i < count; i++) {
            out[places[first + i]] = true;
        }
    }

    private static long[] picked(long[] values, int[] places) {
        return Arrays.stream(places).mapToLong(place -> values[place]).toArray();
    }
}
