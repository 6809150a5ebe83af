package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Which tokens a tokenizer has for its own use: what tokenizer_config.json says, else special_tokens_map.json, else the
 * usual names, as far as the vocabulary has them.
 */
final class SpecialTokens {
    private static final String PAD = "pad_token";
    private static final String MASK = "mask_token";

    /** GPT-2's one token for its own use, with which texts are also filled up, since it has none for that. */
    private static final String END_OF_TEXT = "<|endoftext|>";

    /** By key; the names of BERT's family, then those of RoBERTa's, T5's and XLM-R's. */
    private static final Map<String, List<String>> USUAL = usual();

    private SpecialTokens() {}

    private static Map<String, List<String>> usual() {
        Map<String, List<String>> usual = new LinkedHashMap<>();
        usual.put("cls_token", List.of("[CLS]", "<s>"));
        usual.put(MASK, List.of("[MASK]", "<mask>"));
        usual.put(PAD, List.of("[PAD]", "<pad>"));
        usual.put("sep_token", List.of("[SEP]", "</s>"));
        usual.put("unk_token", List.of("[UNK]", "<unk>"));
        return usual;
    }

    /**
     * The id that fills up a batch's shorter rows, by the one rule for it: that of the padding token; where there is none,
     * {@code pad_token_id} of config.json; else that of the end of text, unless texts get that anyway; else 0. What padding is has no
     * influence on a model beyond the positions of families that count them from it, and the last token that transformers' classes take
     * for a label: the last one that is no padding.
     */
    static int padId(TokenizerJson tokenizer) {
        String token = token(tokenizer, PAD);
        OptionalInt id = token == null ? OptionalInt.empty() : tokenizer.id(token);
        if (id.isPresent()) {
            return id.getAsInt();
        }
        return configured(tokenizer).orElse(0);
    }

    /** What config.json says of padding, where the vocabulary has such an id. */
    private static OptionalInt configured(TokenizerJson tokenizer) {
        JsonNode stated = read(tokenizer.file().resolveSibling("config.json")).path("pad_token_id");
        boolean usable =
                stated.canConvertToInt() && stated.intValue() >= 0 && stated.intValue() < tokenizer.tokens().length;
        return usable ? OptionalInt.of(stated.intValue()) : OptionalInt.empty();
    }

    /** Whether no file names a padding token, so that the end of text is taken for it. */
    static boolean padIsEndOfText(TokenizerJson tokenizer) {
        return named(tokenizer, PAD) == null
                && configured(tokenizer).isEmpty()
                && padding(tokenizer).isPresent();
    }

    /** The id of the token that ends a text, where that can be padding as well: where no text ends with it by itself. */
    private static OptionalInt padding(TokenizerJson tokenizer) {
        OptionalInt end = endId(tokenizer);
        JsonNode template = tokenizer.json().path("post_processor").findValue("single");
        boolean appended = end.isPresent()
                && template != null
                && template.path(template.size() - 1)
                        .at("/SpecialToken/id")
                        .asText()
                        .equals(tokenizer.tokens()[end.getAsInt()]);
        return appended ? OptionalInt.empty() : end;
    }

    /** The id of the token that hides others; empty where there is none. */
    static OptionalInt maskId(TokenizerJson tokenizer) {
        String token = token(tokenizer, MASK);
        return token == null ? OptionalInt.empty() : tokenizer.id(token);
    }

    /** The id of the token that ends a text; empty where there is none. */
    static OptionalInt endId(TokenizerJson tokenizer) {
        String token = named(tokenizer, "eos_token");
        // SentencePiece's, where a folder says nothing of it.
        String usual = Stream.of("</s>", "<eos>")
                .filter(tokenizer::isAdded)
                .findFirst()
                .filter(end -> tokenizer.id(END_OF_TEXT).isEmpty())
                .orElse(END_OF_TEXT);
        return tokenizer.id(token == null ? usual : token);
    }

    /** The ids of all special tokens, those among the added ones included that say so. */
    static BitSet ids(TokenizerJson tokenizer) {
        BitSet ids = new BitSet();
        all(tokenizer).values().forEach(token -> tokenizer.id(token).ifPresent(ids::set));
        for (JsonNode added : tokenizer.json().path("added_tokens")) {
            if (added.path("special").asBoolean()) {
                ids.set(added.path("id").asInt());
            }
        }
        return ids;
    }

    /** The token of a key such as {@code pad_token}; null where there is none. */
    static String token(TokenizerJson tokenizer, String key) {
        String named = named(tokenizer, key);
        if (named != null || !key.equals(PAD) || endId(tokenizer).isEmpty()) {
            return named;
        }
        OptionalInt configured = configured(tokenizer);
        OptionalInt id = configured.isPresent() ? configured : padding(tokenizer);
        return id.isPresent() ? tokenizer.tokens()[id.getAsInt()] : null;
    }

    private static String named(TokenizerJson tokenizer, String key) {
        for (String name : new String[] {"tokenizer_config.json", "special_tokens_map.json"}) {
            String token = text(read(tokenizer.file().resolveSibling(name)).path(key));
            if (token != null && tokenizer.id(token).isPresent()) {
                return token;
            }
        }
        List<String> there = USUAL.getOrDefault(key, List.of()).stream()
                .filter(token -> tokenizer.id(token).isPresent())
                .toList();
        // MPNet's vocabulary has BERT's special tokens among its ordinary ones.
        return there.stream()
                .filter(tokenizer::isAdded)
                .findFirst()
                .orElseGet(() -> there.isEmpty() ? null : there.get(0));
    }

    /** All that are there, by key in the keys' order. */
    static Map<String, String> all(TokenizerJson tokenizer) {
        Map<String, String> tokens = new LinkedHashMap<>();
        USUAL.keySet().forEach(key -> {
            String token = token(tokenizer, key);
            if (token != null) {
                tokens.put(key, token);
            }
        });
        return tokens;
    }

    /** A token may be written as an object with its content. */
    private static String text(JsonNode token) {
        JsonNode content = token.isObject() ? token.path("content") : token;
        return content.isTextual() ? content.textValue() : null;
    }

    private static ObjectNode read(Path file) {
        return Files.exists(file) ? JsonFile.readObject(file) : new ObjectMapper().createObjectNode();
    }
}
