package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the files beside a vocabulary say of its tokens, as transformers 5 takes it: tokenizer_config.json alone where that has
 * {@code added_tokens_decoder}, else special_tokens_map.json before it, and added_tokens.json.
 */
final class StatedTokens {
    private static final String DECODER = "added_tokens_decoder";
    private static final String MORE = "added_tokens.json";

    private final Path folder;
    private final ObjectNode config;
    private final ObjectNode named;
    private final SortedMap<Integer, AddedToken> added = new TreeMap<>();

    private StatedTokens(Path folder) {
        this.folder = folder;
        this.config = optional(folder.resolve(TokenizerSettings.CONFIG));
        this.named = config.deepCopy();
        if (config.path(DECODER).isObject()) {
            config.path(DECODER)
                    .properties()
                    .forEach(entry ->
                            added.put(id(entry.getKey(), TokenizerSettings.CONFIG), AddedToken.of(entry.getValue())));
        } else {
            named.setAll(optional(folder.resolve("special_tokens_map.json")));
            addMore();
        }
    }

    static StatedTokens in(Path folder) {
        return new StatedTokens(folder);
    }

    private void addMore() {
        Set<String> special = new HashSet<>();
        named.forEach(token -> special.add(content(token)));
        optional(folder.resolve(MORE)).properties().forEach(entry -> {
            boolean isSpecial = special.contains(entry.getKey());
            added.put(
                    id(entry.getValue().asText(), MORE),
                    new AddedToken(entry.getKey(), false, false, false, !isSpecial, isSpecial));
        });
    }

    private int id(String text, String name) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new OrtuneException(
                    folder.resolve(name) + ": \"" + Printable.of(text) + "\" is no id of an added token", e);
        }
    }

    /** A setting of tokenizer_config.json. */
    JsonNode setting(String key) {
        return config.path(key);
    }

    /** The token of a key such as {@code pad_token} by its text; {@code usual} where no file names one. */
    String text(String key, String usual) {
        String stated = content(named.path(key));
        return stated.isEmpty() ? usual : stated;
    }

    /** Whether a file says that there is no token of this key. */
    boolean isNone(String key) {
        return named.path(key).isNull();
    }

    /** Whether tokenizer_config.json lists tokens without a key, in whose place transformers then takes none of the vocabulary's. */
    boolean namesMore() {
        return TokenizerSettings.MORE_TOKENS.stream().anyMatch(config::has);
    }

    /** The token of a key with all that is said of it, which is special in any case. */
    AddedToken token(String key, String usual) {
        String text = text(key, usual);
        return added.values().stream()
                .filter(token -> token.content().equals(text))
                .findFirst()
                .orElseGet(() ->
                        named.path(key).isObject() ? AddedToken.of(named.path(key)) : AddedToken.plain(text, true))
                .asSpecial();
    }

    /** Tokens beyond a vocabulary's own, or of its own that are found as a whole, by the ids that they are said to have. */
    SortedMap<Integer, AddedToken> added() {
        return Collections.unmodifiableSortedMap(added);
    }

    /** The text of one, which may be written as an object with its content; empty where there is none. */
    private static String content(JsonNode token) {
        JsonNode text = token.isObject() ? token.path("content") : token;
        return text.isTextual() ? text.textValue() : "";
    }

    private static ObjectNode optional(Path file) {
        return Files.exists(file) ? JsonFile.readObject(file) : new ObjectMapper().createObjectNode();
    }
}
