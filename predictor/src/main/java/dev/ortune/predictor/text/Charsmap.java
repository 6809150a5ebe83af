package dev.ortune.predictor.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.OrtuneException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * SentencePiece's table of what becomes of characters, {@code precompiled_charsmap} of tokenizer.json: a double array (Aoe 1989,
 * "An efficient digital search algorithm by using a double-array structure") in the form of darts-clone, whose leaves are places
 * in the text behind it. The native tokenizer goes wherever its numbers lead and ends the process where that is outside, so it
 * gets none that lead there.
 */
final class Charsmap {
    private static final String TABLE = "precompiled_charsmap";

    /** Fifty times that of NFKC, the largest that SentencePiece brings. */
    private static final int LARGEST = 16 << 20;

    private static final int BYTES = 256;
    private static final int LEAF = 1 << 8;
    private static final int FAR = 1 << 9;
    private static final int VALUE = Integer.MAX_VALUE;
    private static final int LABEL = Integer.MIN_VALUE | 0xff;

    private final Path file;
    private final int[] units;
    private final ByteBuffer text;
    private final BitSet seen = new BitSet();
    private final Deque<Integer> open = new ArrayDeque<>();

    private Charsmap(Path file, byte[] bytes) {
        this.file = file;
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long size = bytes.length < Integer.BYTES ? 0 : Integer.toUnsignedLong(buffer.getInt());
        if (size < Integer.BYTES || size > buffer.remaining() || bytes.length > LARGEST) {
            throw broken("has no place for its own table");
        }
        this.units = new int[(int) size / Integer.BYTES];
        buffer.asIntBuffer().get(units);
        this.text = buffer.position(Integer.BYTES * (1 + units.length)).slice();
        try {
            StandardCharsets.UTF_8.newDecoder().decode(text.duplicate());
        } catch (CharacterCodingException e) {
            throw new OrtuneException(broken("is not followed by UTF-8 text").getMessage(), e);
        }
    }

    /**
     * Refuses a tokenizer.json with a broken one.
     *
     * @param json the whole of it
     */
    static void require(Path file, JsonNode json) {
        JsonNode normalizer = json.path("normalizer");
        for (JsonNode step : normalizer.findParents("type")) {
            if (step.path("type").asText().equals("Precompiled") && !step.has(TABLE)) {
                throw noBase64(file);
            }
        }
        for (JsonNode table : normalizer.findValues(TABLE)) {
            new Charsmap(file, decoded(file, table)).require();
        }
    }

    /** It wants base64 with all that belongs to it, and ends the process over any other. */
    private static byte[] decoded(Path file, JsonNode table) {
        try {
            byte[] bytes = Base64.getDecoder().decode(table.asText());
            if (table.isTextual() && Base64.getEncoder().encodeToString(bytes).equals(table.textValue())) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new OrtuneException(noBase64(file).getMessage(), e);
        }
        throw noBase64(file);
    }

    private static OrtuneException noBase64(Path file) {
        return new OrtuneException(file + ": its " + TABLE + " is no text in base64");
    }

    private OrtuneException broken(String what) {
        return new OrtuneException(file + ": its table of characters (" + TABLE + ") " + what);
    }

    private void require() {
        visit(offset(units[0]));
        while (!open.isEmpty()) {
            int node = open.pop();
            for (int label = 1; label < BYTES; label++) {
                int child = node ^ label;
                int unit = units[child];
                if ((unit & LABEL) == label) {
                    int next = child ^ offset(unit);
                    visit(next);
                    if ((unit & LEAF) != 0) {
                        requirePlace(units[next] & VALUE);
                    }
                }
            }
        }
    }

    /** All its children must be in the table, those too that are none of its own: a text may have any byte. */
    private void visit(int node) {
        if ((node | BYTES - 1) >= units.length) {
            throw broken("leads out of itself");
        }
        if (!seen.get(node)) {
            seen.set(node);
            open.push(node);
        }
    }

    private void requirePlace(int place) {
        boolean isWithin = place < text.limit();
        boolean inCharacter = isWithin && (text.get(place) & 0xc0) == 0x80;
        if (inCharacter || place > text.limit()) {
            throw broken("leads out of its text");
        }
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & FAR) >> 6);
    }
}
