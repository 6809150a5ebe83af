package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** The files that make up a tokenizer in a Hugging Face folder. */
public final class TokenizerFiles {
    /**
     * The class of transformers' tokenizers, by the kind of vocabulary and config.json's model_type: some models of a family
     * come with another family's tokenizer.
     */
    private static final Map<String, Map<String, String>> CLASSES = Map.of(
            "WordPiece",
            Map.of(
                    "bert", "BertTokenizer",
                    "distilbert", "DistilBertTokenizer",
                    "electra", "ElectraTokenizer",
                    "mpnet", "MPNetTokenizer"),
            "BPE",
            Map.of("gpt2", "GPT2Tokenizer", "roberta", "RobertaTokenizer"),
            "Unigram",
            Map.of(
                    "albert", "AlbertTokenizer",
                    "camembert", "CamembertTokenizer",
                    "deberta-v2", "DebertaV2Tokenizer",
                    "t5", "T5Tokenizer",
                    "xlm-roberta", "XLMRobertaTokenizer"));

    /** SentencePiece's models by the names that families give them. */
    public static final List<String> PIECES =
            List.of("spm.model", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model");

    /** Files that tokenizer.json can be made of, and transformers' older releases want. */
    private static final List<String> SOURCES = Stream.concat(
                    Stream.of(ByteLevelFiles.VOCAB, ByteLevelFiles.MERGES), PIECES.stream())
            .toList();

    /** All that {@link #copy} may write. */
    public static final List<String> ALL = Stream.concat(
                    Stream.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"),
                    SOURCES.stream())
            .toList();

    private TokenizerFiles() {}

    /**
     * Writes tokenizer.json, tokenizer_config.json, special_tokens_map.json and, for WordPiece, vocab.txt into
     * {@code to}, where transformers and transformers.js look for them, and the vocabulary's other files as they are. What
     * {@code from} lacks is made of what it has; truncation and padding are off in the new tokenizer.json.
     *
     * @param maxLength tokens of the longest text that the model was trained on, to which whoever reads the files is to
     *     cut
     */
    public static void copy(Path from, Path to, int maxLength) {
        copy(from, to, maxLength, TextTokenizer.Form.TEXTS);
    }

    /** Likewise, of a tokenizer that is set up for a form of texts. */
    public static void copy(Path from, Path to, int maxLength, TextTokenizer.Form form) {
        copy(from, to, maxLength, form, null);
    }

    /**
     * Likewise, with a way to cut pairs.
     *
     * @param strategy null for that of {@code from}
     */
    public static void copy(Path from, Path to, int maxLength, TextTokenizer.Form form, TruncationStrategy strategy) {
        TokenizerJson tokenizer = TokenizerJson.read(from, form);
        AtomicFile.write(to.resolve("tokenizer.json"), JsonFile.bytes(tokenizer.json()));
        AtomicFile.write(
                to.resolve("tokenizer_config.json"),
                JsonFile.bytes(
                        configuration(from, tokenizer, maxLength, strategy == null ? tokenizer.strategy() : strategy)));
        AtomicFile.write(to.resolve("special_tokens_map.json"), JsonFile.bytes(specialTokens(from, tokenizer)));
        vocabulary(from.resolve("vocab.txt"), to.resolve("vocab.txt"), tokenizer);
        for (String name : SOURCES) {
            if (Files.exists(from.resolve(name))) {
                AtomicFile.write(to.resolve(name), bytes(from.resolve(name)));
            }
        }
    }

    /**
     * Says in tokenizer_config.json which inputs a model takes, where a tokenizer's class does not tell: transformers 5 makes no
     * token_type_ids with its generic class unless they are named, and earlier releases make them always.
     *
     * @param inputs of the model's graph, any others among them
     */
    public static void nameInputs(Path folder, Set<String> inputs) {
        Path file = folder.resolve("tokenizer_config.json");
        ObjectNode config = readOrEmpty(file);
        boolean generic = TokenizerSettings.GENERIC.contains(
                config.path("tokenizer_class").asText());
        if (generic && !config.has("model_input_names")) {
            ArrayNode names = config.putArray("model_input_names");
            Stream.of("input_ids", "token_type_ids", "attention_mask")
                    .filter(inputs::contains)
                    .forEach(names::add);
            AtomicFile.write(file, JsonFile.bytes(config));
        }
    }

    /**
     * The file that says what the tokenizer in {@code folder} is: tokenizer.json, else vocab.txt, else vocab.json, else
     * SentencePiece's model, if any is there.
     */
    public static Optional<Path> source(Path folder) {
        return Stream.of("tokenizer.json", "vocab.txt", ByteLevelFiles.VOCAB)
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst()
                .or(() -> SentencePieceFile.in(folder));
    }

    /** The id that fills up a batch's shorter rows; empty where there is no tokenizer. */
    public static OptionalInt padId(Path folder) {
        return source(folder).isPresent()
                ? OptionalInt.of(SpecialTokens.padId(TokenizerJson.read(folder)))
                : OptionalInt.empty();
    }

    /** Whether no file of the folder names a padding token, so that the end of text is taken for it. */
    public static boolean padsWithEndOfText(Path folder) {
        return SpecialTokens.padIsEndOfText(TokenizerJson.read(folder));
    }

    /** One more than the largest token id of the tokenizer in {@code folder}. */
    public static int vocabSize(Path folder) {
        return TokenizerJson.read(folder).tokens().length;
    }

    /** {@code model_max_length} of tokenizer_config.json: tokens to which transformers cuts by itself; empty where none is set. */
    public static OptionalInt modelMaxLength(Path folder) {
        JsonNode stated = readOrEmpty(folder.resolve("tokenizer_config.json")).path("model_max_length");
        return stated.canConvertToInt() ? OptionalInt.of(stated.intValue()) : OptionalInt.empty();
    }

    private static ObjectNode configuration(
            Path from, TokenizerJson tokenizer, int maxLength, TruncationStrategy strategy) {
        ObjectNode config = readOrEmpty(from.resolve("tokenizer_config.json"));
        addSpecialTokens(config, tokenizer);
        JsonNode normalizer = tokenizer.json().path("normalizer");
        if (normalizer.path("type").asText().equals("BertNormalizer")) {
            put(config, TokenizerSettings.LOWER_CASE, normalizer.path("lowercase"));
            put(config, TokenizerSettings.STRIP_ACCENTS, normalizer.path("strip_accents"));
            put(config, TokenizerSettings.CHINESE, normalizer.path("handle_chinese_chars"));
        }
        JsonNode prefixSpace = prefixSpace(tokenizer.json().path("pre_tokenizer"));
        if (prefixSpace.isBoolean()) {
            config.set("add_prefix_space", prefixSpace);
        }
        config.put("model_max_length", maxLength);
        config.remove(TokenizerSettings.STRATEGY);
        if (strategy != TruncationStrategy.LONGEST_FIRST) {
            config.put(TokenizerSettings.STRATEGY, strategy.toString());
        }
        if (!config.has("tokenizer_class")) {
            config.put("tokenizer_class", tokenizerClass(from, tokenizer));
        }
        boolean isBerts = normalizer.equals(TokenizerSettings.normalizer(config))
                && tokenizer.json().path("pre_tokenizer").path("type").asText().equals("BertPreTokenizer");
        if (isWordPiece(tokenizer) && !isBerts) {
            // BERT's classes would make another normalizer than the one that the model is trained with.
            config.put("tokenizer_class", "PreTrainedTokenizerFast");
        }
        return config;
    }

    private static String tokenizerClass(Path from, TokenizerJson tokenizer) {
        String type =
                readOrEmpty(from.resolve("config.json")).path("model_type").asText();
        String usual = isWordPiece(tokenizer) ? "BertTokenizer" : "PreTrainedTokenizerFast";
        return CLASSES.getOrDefault(vocabularyType(tokenizer), Map.of()).getOrDefault(type, usual);
    }

    /** What byte-level BPE says of the blank before a text; missing for other tokenizers. */
    private static JsonNode prefixSpace(JsonNode part) {
        for (JsonNode inner : part.path("pretokenizers")) {
            if (prefixSpace(inner).isBoolean()) {
                return prefixSpace(inner);
            }
        }
        boolean byteLevel = part.path("type").asText().equals("ByteLevel");
        return byteLevel ? part.path("add_prefix_space") : MissingNode.getInstance();
    }

    private static ObjectNode specialTokens(Path from, TokenizerJson tokenizer) {
        ObjectNode map = readOrEmpty(from.resolve("special_tokens_map.json"));
        addSpecialTokens(map, tokenizer);
        return map;
    }

    private static void addSpecialTokens(ObjectNode json, TokenizerJson tokenizer) {
        SpecialTokens.all(tokenizer).forEach((key, token) -> {
            if (!json.has(key)) {
                json.put(key, token);
            }
        });
    }

    private static void vocabulary(Path source, Path target, TokenizerJson tokenizer) {
        if (Files.exists(source)) {
            AtomicFile.write(target, bytes(source));
        } else if (isWordPiece(tokenizer)) {
            String[] tokens =
                    new String[tokenizer.json().path("model").path("vocab").size()];
            tokenizer.json().path("model").path("vocab").properties().forEach(entry -> {
                int id = entry.getValue().intValue();
                if (id < tokens.length && !entry.getKey().contains("\n")) {
                    tokens[id] = entry.getKey();
                }
            });
            if (!Arrays.asList(tokens).contains(null)) {
                AtomicFile.write(target, (String.join("\n", tokens) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static boolean isWordPiece(TokenizerJson tokenizer) {
        return vocabularyType(tokenizer).equals("WordPiece");
    }

    private static String vocabularyType(TokenizerJson tokenizer) {
        return tokenizer.json().path("model").path("type").asText();
    }

    private static void put(ObjectNode config, String key, JsonNode value) {
        if (!value.isMissingNode()) {
            config.set(key, value);
        }
    }

    private static ObjectNode readOrEmpty(Path file) {
        return Files.exists(file) ? JsonFile.readObject(file) : new ObjectMapper().createObjectNode();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
