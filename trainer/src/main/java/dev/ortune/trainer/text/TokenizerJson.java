package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The content of a tokenizer.json, with truncation and padding switched off: those are the caller's to choose, but many
 * published files have them fixed to 128.
 *
 * @param file where it came from: tokenizer.json, or the vocab.txt or vocab.json it was made of
 * @param json the content
 * @param tokens the token of each id; null for ids that no token has
 * @param truncatesLeft whether a text that is too long loses its first tokens
 * @param strategy which text of a pair that is too long loses tokens
 */
record TokenizerJson(Path file, ObjectNode json, String[] tokens, boolean truncatesLeft, TruncationStrategy strategy) {
    /** Ten times the largest vocabulary in use. */
    private static final int LARGEST_ID = 10_000_000;

    /**
     * Reads tokenizer.json of {@code folder}, or makes one of its vocab.txt, or of its vocab.json and merges.txt; what the
     * folder's settings say otherwise ({@link TokenizerSettings}) is put into it.
     */
    static TokenizerJson read(Path folder) {
        return read(folder, TextTokenizer.Form.TEXTS);
    }

    /** Likewise, for texts of a form. */
    static TokenizerJson read(Path folder, TextTokenizer.Form form) {
        TokenizerJson tokenizer = readAsItIs(folder);
        if (form == TextTokenizer.Form.WORDS) {
            // Byte-level BPE tells by the blank before it that a piece begins a word, so each word that comes alone
            // gets one.
            TokenizerSettings.byteLevelPrefixSpace(tokenizer.json.path("pre_tokenizer"), true);
            TokenizerSettings.byteLevelPrefixSpace(tokenizer.json.path("post_processor"), true);
        }
        return tokenizer;
    }

    private static TokenizerJson readAsItIs(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        if (Files.exists(file)) {
            return of(file, JsonFile.readObject(file));
        }
        Path vocab = folder.resolve("vocab.txt");
        if (Files.exists(vocab)) {
            return of(vocab, VocabFile.toTokenizerJson(vocab, isLowerCased(folder, vocab)));
        }
        if (ByteLevelFiles.areIn(folder)) {
            return of(folder.resolve(ByteLevelFiles.VOCAB), ByteLevelFiles.toTokenizerJson(folder));
        }
        Optional<Path> pieces = SentencePieceFile.in(folder);
        if (pieces.isPresent()) {
            return of(pieces.get(), SentencePieceFile.toTokenizerJson(pieces.get()));
        }
        throw new OrtuneException(
                folder
                        + ": holds neither tokenizer.json nor vocab.txt, nor vocab.json with merges.txt, nor SentencePiece's model");
    }

    private static boolean isLowerCased(Path folder, Path vocab) {
        Path config = folder.resolve("tokenizer_config.json");
        JsonNode stated =
                (Files.exists(config) ? JsonFile.readObject(config) : MissingNode.getInstance()).path("do_lower_case");
        return stated.isBoolean() ? stated.booleanValue() : VocabFile.looksLowerCased(vocab);
    }

    private static TokenizerJson of(Path file, ObjectNode json) {
        json.putNull("truncation");
        json.putNull("padding");
        TokenizerSettings settings = TokenizerSettings.of(file.resolveSibling(""));
        settings.apply(json);
        return new TokenizerJson(file, json, tokens(file, json), settings.truncatesLeft(), settings.truncation());
    }

    /** The id of {@code token}, if it is in the vocabulary. */
    OptionalInt id(String token) {
        int id = Arrays.asList(tokens).indexOf(token);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Whether a token is found in texts as a whole, as special ones are. */
    boolean isAdded(String token) {
        for (JsonNode added : json.path("added_tokens")) {
            if (added.path("content").asText().equals(token)) {
                return true;
            }
        }
        return false;
    }

    private static String[] tokens(Path file, ObjectNode json) {
        Vocabulary vocabulary = new Vocabulary(file);
        JsonNode vocab = json.path("model").path("vocab");
        if (vocab.isObject()) {
            vocab.properties().forEach(entry -> vocabulary.put(entry.getValue(), entry.getKey()));
        } else {
            for (int id = 0; id < vocab.size(); id++) {
                vocabulary.put(id, vocab.get(id).path(0).asText());
            }
        }
        for (JsonNode added : json.path("added_tokens")) {
            vocabulary.put(added.path("id"), added.path("content").asText());
        }
        for (Map.Entry<String, JsonNode> special :
                json.path("post_processor").path("special_tokens").properties()) {
            special.getValue().path("ids").forEach(id -> vocabulary.put(id, special.getKey()));
        }
        return vocabulary.tokens();
    }

    private static final class Vocabulary {
        private final Path file;
        private String[] tokens = new String[1 << 10];
        private int size;

        Vocabulary(Path file) {
            this.file = file;
        }

        void put(JsonNode id, String token) {
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                throw new OrtuneException(file + ": token \"" + Printable.of(token) + "\" has the impossible id "
                        + Printable.of(id.toString()));
            }
            put(id.intValue(), token);
        }

        void put(int id, String token) {
            if (id < 0 || id > LARGEST_ID) {
                throw new OrtuneException(file + ": token \"" + Printable.of(token) + "\" has the impossible id " + id);
            }
            if (id >= tokens.length) {
                tokens = Arrays.copyOf(tokens, Math.max(id + 1, tokens.length * 2));
            }
            tokens[id] = token;
            size = Math.max(size, id + 1);
        }

        String[] tokens() {
            if (size == 0) {
                throw new OrtuneException(file + ": holds no vocabulary");
            }
            return Arrays.copyOf(tokens, size);
        }
    }
}
