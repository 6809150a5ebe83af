package dev.ortune.predictor.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.Printable;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Turns tokens into text again, by the {@code decoder} of tokenizer.json. It is done here and not by the native library
 * because that only takes ids, and a token for unknown words has to become what it stands for.
 */
public sealed interface TokenDecoder {
    /** A step: what each token becomes; steps may put tokens together. */
    List<String> decode(List<String> tokens);

    /** The text of tokens. */
    default String join(List<String> tokens) {
        return String.join("", decode(tokens));
    }

    /**
     * The decoder of a file.
     *
     * @param json its field {@code decoder}
     * @throws OrtuneException when there is no such kind of decoder
     */
    static TokenDecoder of(Path file, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return new Blanks();
        }
        return switch (json.path("type").asText()) {
            case "WordPiece" ->
                new WordPiece(
                        json.path("prefix").asText("##"), json.path("cleanup").asBoolean(true));
            case "ByteLevel" -> new ByteLevel();
            case "Metaspace" -> metaspace(json);
            case "BPEDecoder" -> new Suffix(json.path("suffix").asText("</w>"));
            case "Fuse" -> new Fuse();
            case "ByteFallback" -> new ByteFallback();
            case "Strip" ->
                new Strip(
                        json.path("content").asText(" "),
                        json.path("start").asInt(),
                        json.path("stop").asInt());
            case "Replace" -> replace(file, json);
            case "Sequence" -> {
                List<TokenDecoder> steps = new ArrayList<>();
                json.path("decoders").forEach(step -> steps.add(of(file, step)));
                yield new Sequence(steps);
            }
            default ->
                throw new OrtuneException(file + ": has a decoder of type "
                        + Printable.of(json.path("type").asText()) + ", which cannot put tokens together here");
        };
    }

    private static TokenDecoder metaspace(JsonNode json) {
        boolean first = json.has("prepend_scheme")
                ? !json.path("prepend_scheme").asText().equals("never")
                : json.path("add_prefix_space").asBoolean(true);
        return new Metaspace(json.path("replacement").asText("▁"), first);
    }

    private static TokenDecoder replace(Path file, JsonNode json) {
        JsonNode pattern = json.at("/pattern/String");
        if (!pattern.isTextual() || pattern.textValue().isEmpty()) {
            throw new OrtuneException(file + ": has a decoder that replaces something else than a string");
        }
        return new Replace(pattern.textValue(), json.path("content").asText());
    }

    /** Tokens with blanks between them, where a file has no decoder. */
    record Blanks() implements TokenDecoder {
        @Override
        public List<String> decode(List<String> tokens) {
            return List.of(String.join(" ", tokens));
        }
    }

    /** A blank before each token without the prefix, which goes; then English punctuation loses the blank before it. */
    record WordPiece(String prefix, boolean cleanup) implements TokenDecoder {
        @Override
        public List<String> decode(List<String> tokens) {
            List<String> decoded = new ArrayList<>(tokens.size());
            for (int i = 0; i < tokens.size(); i++) {
                String token = tokens.get(i);
                if (i > 0) {
                    token = token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
                }
                decoded.add(cleanup ? clean(token) : token);
            }
            return decoded;
        }

        private static String clean(String token) {
            return token.replace(" .", ".")
                    .replace(" ?", "?")
                    .replace(" !", "!")
                    .replace(" ,", ",")
                    .replace(" ' ", "'")
                    .replace(" n't", "n't")
                    .replace(" 'm", "'m")
                    .replace(" do not", " don't")
                    .replace(" 's", "'s")
                    .replace(" 've", "'ve")
                    .replace(" 're", "'re");
        }
    }

    /** Each character is a byte of UTF-8, as in GPT-2; a token with any other is text already. */
    record ByteLevel() implements TokenDecoder {
        /** By character; -1 for those that are no byte. */
        private static final int[] BYTES = bytes();

        private static int[] bytes() {
            int[] bytes = new int[0x200];
            int moved = 0x100;
            Arrays.fill(bytes, -1);
            for (int value = 0; value < 0x100; value++) {
                boolean printable = (value >= '!' && value <= '~') || (value >= 0xa1 && value != 0xad);
                bytes[printable ? value : moved++] = value;
            }
            return bytes;
        }

        @Override
        public List<String> decode(List<String> tokens) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (String token : tokens) {
                if (token.chars().allMatch(c -> c < BYTES.length && BYTES[c] >= 0)) {
                    token.chars().forEach(c -> text.write(BYTES[c]));
                } else {
                    text.writeBytes(token.getBytes(StandardCharsets.UTF_8));
                }
            }
            return List.of(text.toString(StandardCharsets.UTF_8));
        }
    }

    /** A sign that stands for a blank; the first token's is left out where one was put there. */
    record Metaspace(String replacement, boolean first) implements TokenDecoder {
        @Override
        public List<String> decode(List<String> tokens) {
            return IntStream.range(0, tokens.size())
                    .mapToObj(i -> tokens.get(i).replace(replacement, i == 0 && first ? "" : " "))
                    .toList();
        }
    }

    /** A suffix ends a word. */
    record Suffix(String suffix) implements TokenDecoder {
        @Override
        public List<String> decode(List<String> tokens) {
            int last = tokens.size() - 1;
            return IntStream.range(0, tokens.size())
                    .mapToObj(i -> tokens.get(i).replace(suffix, i == last ? "" : " "))
                    .toList();
        }
    }

    /** All tokens as one. */
    record Fuse() implements TokenDecoder {
        @Override
        public List<String> decode(List<String> tokens) {
            return List.of(String.join("", tokens));
        }
    }

    /** Another string in a string's place. */
    record Replace(String pattern, String content) implements TokenDecoder {
        @Override
        public List<String> decode(List<String> tokens) {
            return tokens.stream().map(token -> token.replace(pattern, content)).toList();
        }
    }

    /** Takes so many signs at most from each end of a token. */
    record Strip(String content, int start, int stop) implements TokenDecoder {
        @Override
        public List<String> decode(List<String> tokens) {
            return tokens.stream().map(this::stripped).toList();
        }

        private String stripped(String token) {
            String rest = token;
            for (int i = 0; i < start && !content.isEmpty() && rest.startsWith(content); i++) {
                rest = rest.substring(content.length());
            }
            for (int i = 0; i < stop && !content.isEmpty() && rest.endsWith(content); i++) {
                rest = rest.substring(0, rest.length() - content.length());
            }
            return rest;
        }
    }

    /** Tokens such as {@code <0x61>} in a row are bytes of UTF-8, or where they are not a sign for that each. */
    record ByteFallback() implements TokenDecoder {
        @Override
        public List<String> decode(List<String> tokens) {
            List<String> decoded = new ArrayList<>();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (String token : tokens) {
                if (token.matches("<0x[0-9A-Fa-f]{2}>")) {
                    bytes.write(Integer.parseInt(token.substring(3, 5), 16));
                } else {
                    flush(bytes, decoded);
                    decoded.add(token);
                }
            }
            flush(bytes, decoded);
            return decoded;
        }

        private static void flush(ByteArrayOutputStream bytes, List<String> decoded) {
            try {
                decoded.add(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes.toByteArray()))
                        .toString());
            } catch (CharacterCodingException e) {
                decoded.add("\ufffd".repeat(bytes.size()));
            }
            bytes.reset();
        }
    }

    /** One step after the other. */
    record Sequence(List<TokenDecoder> steps) implements TokenDecoder {
        @Override
        public List<String> decode(List<String> tokens) {
            List<String> decoded = tokens;
            for (TokenDecoder step : steps) {
                decoded = step.decode(decoded);
            }
            return decoded;
        }
    }
}
