package dev.ortune.predictor.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.JsonFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads tokenizer.json without taking its vocabulary apart: that is nearly all of it, the native library parses it anyway, and a
 * tree of 30,000 entries costs a server half a second of processor time before it is ready.
 */
final class TokenizerFile {
    private static final Set<String> LARGE = Set.of("vocab", "merges");
    private static final byte[] NOTHING = "null".getBytes(StandardCharsets.UTF_8);

    private TokenizerFile() {}

    /** The value of a key of {@code model}: from its first byte on to before another one. */
    private record Value(String key, int from, int to) {}

    /**
     * All of a file, in which {@code model.vocab} and {@code model.merges} are what {@link RawValue} holds: nobody can look into them,
     * but they are written as they were.
     *
     * @throws OrtuneException when it is no JSON object; not every error within the raw values is found
     */
    static ObjectNode read(Path file) {
        byte[] whole = JsonFile.content(file);
        try {
            List<Value> values = new Scanner(whole).values();
            Map<String, RawValue> raw = new LinkedHashMap<>();
            for (Value value : values) {
                raw.put(value.key, new RawValue(text(whole, value)));
            }
            if (raw.size() == values.size()) {
                ObjectNode json = JsonFile.object(file, without(whole, values));
                if (json.path("model") instanceof ObjectNode model) {
                    raw.forEach(model::putRawValue);
                }
                return json;
            }
        } catch (OrtuneException | CharacterCodingException | IndexOutOfBoundsException notSimple) {
            // What is wrong is told of the whole file, with the right line.
        }
        return JsonFile.object(file, whole);
    }

    /** Malformed characters are not passed over. */
    private static String text(byte[] whole, Value value) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(whole, value.from, value.to - value.from))
                .toString();
    }

    private static byte[] without(byte[] whole, List<Value> values) {
        ByteBuffer rest = ByteBuffer.allocate(whole.length + values.size() * NOTHING.length);
        int from = 0;
        for (Value value : values) {
            rest.put(whole, from, value.from - from).put(NOTHING);
            from = value.to;
        }
        rest.put(whole, from, whole.length - from);
        byte[] bytes = new byte[rest.flip().remaining()];
        rest.get(bytes);
        return bytes;
    }

    /** Finds values by brackets and quotes alone. Runs over the end of what is not JSON. */
    private static final class Scanner {
        private final byte[] json;
        private int place;

        Scanner(byte[] json) {
            this.json = json;
        }

        List<Value> values() {
            List<Value> values = new ArrayList<>();
            int depth = 0;
            boolean inModel = false;
            while (place < json.length) {
                byte letter = json[place];
                if (letter == '"') {
                    String key = depth <= 2 ? key() : null;
                    if (key == null) {
                        passString();
                    } else if (depth == 1) {
                        inModel = key.equals("model");
                    } else if (depth == 2 && inModel && LARGE.contains(key) && change(json[place]) > 0) {
                        int from = place;
                        passValue();
                        values.add(new Value(key, from, place));
                    }
                    continue;
                }
                depth += change(letter);
                place++;
            }
            return values;
        }

        private static int change(byte letter) {
            return switch (letter) {
                case '{', '[' -> 1;
                case '}', ']' -> -1;
                default -> 0;
            };
        }

        /** The string here, and on to the value behind it, where it is a key; else null and on to nowhere. */
        private String key() {
            int begin = place;
            passString();
            int end = place;
            passBlanks();
            if (place == json.length || json[place] != ':') {
                place = begin;
                return null;
            }
            place++;
            passBlanks();
            return new String(json, begin + 1, end - begin - 2, StandardCharsets.UTF_8);
        }

        private void passBlanks() {
            while (place < json.length
                    && (json[place] == ' ' || json[place] == '\n' || json[place] == '\r' || json[place] == '\t')) {
                place++;
            }
        }

        private void passString() {
            place++;
            while (json[place] != '"') {
                place += json[place] == '\\' ? 2 : 1;
            }
            place++;
        }

        /** An object or an array. */
        private void passValue() {
            int depth = 0;
            do {
                byte letter = json[place];
                if (letter == '"') {
                    passString();
                } else {
                    depth += change(letter);
                    place++;
                }
            } while (depth > 0);
        }
    }
}
