package dev.ortune.predictor.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.JsonFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
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

    /** A value that is written as it was read, byte by byte: to make text of a vocabulary, and bytes again, takes longer than to read it. */
    private record Untouched(byte[] whole, Value value) implements JsonSerializable {
        @Override
        public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
            int length = value.to - value.from;
            if (json.getOutputTarget() instanceof OutputStream bytes) {
                // The colon before it.
                json.writeRawValue("");
                json.flush();
                bytes.write(whole, value.from, length);
            } else {
                json.writeRawValue(new String(whole, value.from, length, StandardCharsets.UTF_8));
            }
        }

        @Override
        public void serializeWithType(JsonGenerator json, SerializerProvider provider, TypeSerializer type)
                throws IOException {
            serialize(json, provider);
        }
    }

    /**
     * All of a file, in which nobody can look into {@code model.vocab} and {@code model.merges}, but they are written as they were.
     *
     * @throws OrtuneException when it is no JSON object; not every error within those two is found
     */
    static ObjectNode read(Path file) {
        byte[] whole = JsonFile.content(file);
        try {
            List<Value> values = new Scanner(whole).values();
            Map<String, Untouched> large = new LinkedHashMap<>();
            for (Value value : values) {
                requireText(ByteBuffer.wrap(whole, value.from, value.to - value.from));
                large.put(value.key, new Untouched(whole, value));
            }
            if (large.size() == values.size()) {
                ObjectNode json = JsonFile.object(file, without(whole, values));
                if (json.path("model") instanceof ObjectNode model) {
                    large.forEach(model::putPOJO);
                }
                return json;
            }
        } catch (OrtuneException | CharacterCodingException | IndexOutOfBoundsException notSimple) {
            // What is wrong is told of the whole file, with the right line.
        }
        return JsonFile.object(file, whole);
    }

    /** Malformed characters are not passed over. */
    private static void requireText(ByteBuffer bytes) throws CharacterCodingException {
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(8192);
        CoderResult result;
        do {
            result = utf8.decode(bytes, text.clear(), true);
            if (result.isError()) {
                result.throwException();
            }
        } while (result.isOverflow());
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
