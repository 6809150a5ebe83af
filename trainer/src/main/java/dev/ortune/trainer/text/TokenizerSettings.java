package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What tokenizer_config.json and special_tokens_map.json say of a tokenizer beside its tokenizer.json, as transformers 5
 * understands it: the classes of BERT's, RoBERTa's and XLM-R's tokenizers take vocabulary, added tokens and post-processor
 * from tokenizer.json, and make normalizer and pre-tokenizer anew from these settings. The one class that takes all of
 * tokenizer.json as it is, PreTrainedTokenizerFast, does not look at them. Where a folder states nothing tokenizer.json holds.
 */
final class TokenizerSettings {
    static final String CONFIG = "tokenizer_config.json";
    static final String LOWER_CASE = "do_lower_case";
    static final String STRIP_ACCENTS = "strip_accents";
    static final String CHINESE = "tokenize_chinese_chars";
    static final String PREFIX_SPACE = "add_prefix_space";
    static final String STRATEGY = "truncation_strategy";
    static final String PREPEND = "prepend_scheme";

    /** The class that takes tokenizer.json as it is, by its names. */
    static final Set<String> GENERIC = Set.of("PreTrainedTokenizerFast", "PreTrainedTokenizer", "TokenizersBackend");

    static final List<String> MORE_TOKENS = List.of("additional_special_tokens", "extra_special_tokens");

    private final Path folder;
    private final ObjectNode config;

    private TokenizerSettings(Path folder) {
        this.folder = folder;
        this.config = read(folder.resolve(CONFIG));
    }

    /** Those of a folder. */
    static TokenizerSettings of(Path folder) {
        return new TokenizerSettings(folder);
    }

    /** Makes the content of tokenizer.json say the same. */
    void apply(ObjectNode json) {
        requireRightPadding(json);
        if (!isGeneric()) {
            if (isWordPiece(json)) {
                normalise(json);
            }
            if (config.path(PREFIX_SPACE).isBoolean()) {
                prefixSpace(
                        json.path("pre_tokenizer"), config.path(PREFIX_SPACE).booleanValue());
                prefixSpace(
                        json.path("post_processor"), config.path(PREFIX_SPACE).booleanValue());
            }
        }
        addTokens(json);
    }

    /** Whether a text that is too long loses its first tokens, not its last. */
    boolean truncatesLeft() {
        return isLeft("truncation_side");
    }

    /** Which text of a pair that is too long loses tokens; transformers keeps this key and does not read it. */
    TruncationStrategy truncation() {
        JsonNode stated = config.path(STRATEGY);
        return stated.isMissingNode() || stated.isNull()
                ? TruncationStrategy.LONGEST_FIRST
                : TruncationStrategy.named(stated.asText())
                        .orElseThrow(() -> new OrtuneException(folder.resolve(CONFIG) + ": " + STRATEGY
                                + " must be longest_first, only_first or only_second, not "
                                + Printable.of(stated.toString())));
    }

    private boolean isLeft(String key) {
        JsonNode side = config.path(key);
        if (side.isMissingNode() || side.isNull()) {
            return false;
        }
        String stated = side.asText();
        if (!stated.equals("left") && !stated.equals("right")) {
            throw new OrtuneException(folder.resolve(CONFIG) + ": " + key + " must be left or right, not "
                    + Printable.of(side.toString()));
        }
        return stated.equals("left");
    }

    /**
     * BERT's positions count from the first column of a batch, so padding on the left moves them; those of RoBERTa's family
     * count from the first token that is no padding.
     */
    private void requireRightPadding(ObjectNode json) {
        if (isLeft("padding_side") && isWordPiece(json)) {
            throw new OrtuneException(
                    folder.resolve(CONFIG) + ": padding_side is left, which moves the positions of all"
                            + " tokens and is not done here; set it to right");
        }
    }

    private boolean isGeneric() {
        return isGeneric(config.path("tokenizer_class").asText());
    }

    /** Whether a class takes tokenizer.json as it is. */
    static boolean isGeneric(String tokenizerClass) {
        return GENERIC.contains(tokenizerClass);
    }

    static boolean isWordPiece(JsonNode json) {
        return json.path("model").path("type").asText().equals("WordPiece");
    }

    private void normalise(ObjectNode json) {
        boolean stated = config.path(LOWER_CASE).isBoolean()
                || config.path(STRIP_ACCENTS).isBoolean()
                || config.path(CHINESE).isBoolean();
        if (stated) {
            json.set("normalizer", normalizer(config));
            json.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        }
    }

    /** BERT's, as the classes of transformers make it of a tokenizer_config.json. */
    static ObjectNode normalizer(ObjectNode config) {
        ObjectNode normalizer = new ObjectMapper()
                .createObjectNode()
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", config.path(CHINESE).asBoolean(true));
        if (config.path(STRIP_ACCENTS).isBoolean()) {
            normalizer.put(STRIP_ACCENTS, config.path(STRIP_ACCENTS).booleanValue());
        } else {
            normalizer.putNull(STRIP_ACCENTS);
        }
        return normalizer.put("lowercase", config.path(LOWER_CASE).asBoolean(true));
    }

    /** In all parts that ask for it: byte-level BPE's have a switch, SentencePiece's a scheme. */
    private static void prefixSpace(JsonNode part, boolean value) {
        byteLevelPrefixSpace(part, value);
        for (JsonNode inner : part.has("pretokenizers") ? part.path("pretokenizers") : List.of(part)) {
            if (inner instanceof ObjectNode object && object.has(PREPEND)) {
                // Some classes put one before the text's first words only.
                boolean atFirst = object.path(PREPEND).asText().equals("first");
                String scheme = atFirst ? "first" : "always";
                object.put(PREPEND, value ? scheme : "never");
            }
        }
    }

    static void byteLevelPrefixSpace(JsonNode part, boolean value) {
        part.path("pretokenizers").forEach(inner -> byteLevelPrefixSpace(inner, value));
        part.path("processors").forEach(inner -> byteLevelPrefixSpace(inner, value));
        if (part instanceof ObjectNode object && object.has(PREFIX_SPACE)) {
            object.put(PREFIX_SPACE, value);
        }
    }

    /** Tokens beyond the named ones: in the vocabulary they have an id already, else they come after all that it has. */
    private void addTokens(ObjectNode json) {
        List<JsonNode> more = new ArrayList<>();
        for (String key : MORE_TOKENS) {
            JsonNode stated = config.has(key)
                    ? config.path(key)
                    : read(folder.resolve("special_tokens_map.json")).path(key);
            stated.forEach(more::add);
        }
        if (more.isEmpty()) {
            return;
        }
        ArrayNode added = json.path("added_tokens") instanceof ArrayNode array ? array : json.putArray("added_tokens");
        for (JsonNode token : more) {
            String content = token.isObject() ? token.path("content").asText() : token.asText();
            boolean there = content.isEmpty();
            int next = 0;
            for (JsonNode other : added) {
                there |= other.path("content").asText().equals(content);
                next = Math.max(next, other.path("id").asInt() + 1);
            }
            if (!there) {
                AddedToken.of(token).addTo(added, id(json.path("model").path("vocab"), content, next));
            }
        }
    }

    private static int id(JsonNode vocab, String token, int next) {
        if (vocab.path(token).canConvertToInt()) {
            return vocab.path(token).intValue();
        }
        int size = next;
        if (vocab.isObject()) {
            for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
                size = Math.max(size, entry.getValue().asInt() + 1);
            }
            return size;
        }
        for (int i = 0; i < vocab.size(); i++) {
            if (vocab.get(i).path(0).asText().equals(token)) {
                return i;
            }
        }
        return Math.max(size, vocab.size());
    }

    private static ObjectNode read(Path file) {
        return Files.exists(file) ? JsonFile.readObject(file) : new ObjectMapper().createObjectNode();
    }
}
