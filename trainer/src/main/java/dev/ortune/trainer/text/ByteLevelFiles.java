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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Byte-level BPE's two files, vocab.json (tokens to ids) and merges.txt (a pair of tokens a line, in the order in which they
 * are joined), as GPT-2's and RoBERTa's tokenizers are published.
 */
final class ByteLevelFiles {
    static final String VOCAB = "vocab.json";
    static final String MERGES = "merges.txt";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** GPT-2's one token for its own use. */
    private static final String END_OF_TEXT = "<|endoftext|>";

    private final Path folder;
    private final ObjectNode vocab;
    private final ObjectNode config;

    private ByteLevelFiles(Path folder) {
        this.folder = folder;
        this.vocab = JsonFile.readObject(folder.resolve(VOCAB));
        this.config = optional(folder.resolve("tokenizer_config.json"));
    }

    static boolean areIn(Path folder) {
        return Files.exists(folder.resolve(VOCAB)) && Files.exists(folder.resolve(MERGES));
    }

    /** The tokenizer.json that transformers' AutoTokenizer makes of them. */
    static ObjectNode toTokenizerJson(Path folder) {
        return new ByteLevelFiles(folder).tokenizerJson();
    }

    private ObjectNode tokenizerJson() {
        boolean prefixSpace = config.path("add_prefix_space").asBoolean(false);
        boolean roberta = isRoberta();
        Map<String, JsonNode> special = roberta ? robertaTokens() : gpt2Tokens();
        Map<String, Integer> ids = ids(special);
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        addedTokens(root.putArray("added_tokens"), special, ids);
        root.putNull("normalizer");
        byteLevel(root.putObject("pre_tokenizer"), prefixSpace);
        if (roberta) {
            ObjectNode processor = root.putObject("post_processor").put("type", "RobertaProcessing");
            token(processor.putArray("sep"), text(special.get("sep_token")), ids);
            token(processor.putArray("cls"), text(special.get("cls_token")), ids);
            processor.put("trim_offsets", true).put("add_prefix_space", prefixSpace);
        } else {
            root.putNull("post_processor");
        }
        byteLevel(root.putObject("decoder"), true);
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout")
                .putNull("unk_token")
                .put("continuing_subword_prefix", "")
                .put("end_of_word_suffix", "")
                .put("fuse_unk", false)
                .put("byte_fallback", false);
        model.set("vocab", vocab);
        merges().forEach(model.putArray("merges")::add);
        return root;
    }

    /** By what the files say of themselves; where they say nothing RoBERTa's tokens tell. */
    private boolean isRoberta() {
        String stated = config.path("tokenizer_class").asText()
                + optional(folder.resolve("config.json")).path("model_type").asText();
        String lower = stated.toLowerCase(Locale.ROOT);
        if (lower.contains("gpt2") || lower.contains("roberta")) {
            return lower.contains("roberta");
        }
        return vocab.has("<s>") && vocab.has("</s>");
    }

    private Map<String, JsonNode> robertaTokens() {
        Map<String, JsonNode> tokens = new LinkedHashMap<>();
        tokens.put("bos_token", special("bos_token", "<s>"));
        tokens.put("pad_token", special("pad_token", "<pad>"));
        tokens.put("eos_token", special("eos_token", "</s>"));
        tokens.put("unk_token", special("unk_token", "<unk>"));
        tokens.put("mask_token", special("mask_token", "<mask>"));
        tokens.put("cls_token", special("cls_token", "<s>"));
        tokens.put("sep_token", special("sep_token", "</s>"));
        return tokens;
    }

    private Map<String, JsonNode> gpt2Tokens() {
        Map<String, JsonNode> tokens = new LinkedHashMap<>();
        for (String key : List.of("unk_token", "bos_token", "eos_token")) {
            tokens.put(key, special(key, END_OF_TEXT));
        }
        if (!text(special("pad_token", "")).isEmpty()) {
            tokens.put("pad_token", special("pad_token", ""));
        }
        return tokens;
    }

    /** A token as the folder's files give it, a text or an object with its content. */
    private JsonNode special(String key, String usual) {
        JsonNode stated = config.path(key);
        JsonNode mapped = stated.isTextual() || stated.isObject()
                ? stated
                : optional(folder.resolve("special_tokens_map.json")).path(key);
        return mapped.isTextual() || mapped.isObject()
                ? mapped
                : JSON.getNodeFactory().textNode(usual);
    }

    private static String text(JsonNode token) {
        return token.isObject() ? token.path("content").asText() : token.asText();
    }

    /** Of each special token; one that the vocabulary lacks comes after all that it has. */
    private Map<String, Integer> ids(Map<String, JsonNode> special) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        int next = vocab.size();
        for (JsonNode token : special.values()) {
            String name = text(token);
            if (vocab.path(name).canConvertToInt()) {
                ids.put(name, vocab.path(name).intValue());
            } else if (!ids.containsKey(name)) {
                ids.put(name, next++);
            }
        }
        return ids;
    }

    private static void addedTokens(ArrayNode added, Map<String, JsonNode> special, Map<String, Integer> ids) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        special.values().forEach(token -> byName.putIfAbsent(text(token), token));
        ids.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .forEach(entry ->
                        AddedToken.of(byName.get(entry.getKey())).asSpecial().addTo(added, entry.getValue()));
    }

    private static void byteLevel(ObjectNode node, boolean prefixSpace) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private static void token(ArrayNode array, String token, Map<String, Integer> ids) {
        array.add(token).add(ids.get(token));
    }

    private List<String> merges() {
        Path file = folder.resolve(MERGES);
        String[] lines = VocabFile.text(file).split("\n", -1);
        List<String> merges = new ArrayList<>(lines.length);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].endsWith("\r") ? lines[i].substring(0, lines[i].length() - 1) : lines[i];
            boolean isHead = i == 0 && line.startsWith("#version");
            if (line.isEmpty() || isHead) {
                continue;
            }
            int blank = line.indexOf(' ');
            if (blank <= 0 || blank == line.length() - 1 || line.indexOf(' ', blank + 1) >= 0) {
                throw new OrtuneException(
                        file + ":" + (i + 1) + ": \"" + Printable.of(line) + "\" is no pair of tokens");
            }
            merges.add(line);
        }
        return merges;
    }

    private static ObjectNode optional(Path file) {
        return Files.exists(file) ? JsonFile.readObject(file) : JSON.createObjectNode();
    }
}
