package dev.ortune.predictor.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Settings of tokenizer_config.json that count before what tokenizer.json says, as in transformers' AutoTokenizer: the classes
 * of BERT's kin take from tokenizer.json no more than the vocabulary, and make the rest anew of their settings, even of those
 * that are left out.
 */
final class TokenizerSettings {
    private static final String LOWER = "do_lower_case";
    private static final String ACCENTS = "strip_accents";
    private static final String CHINESE = "tokenize_chinese_chars";
    private static final String BLANK = "add_prefix_space";

    /** Classes that make BERT's normalizer of their settings. */
    private static final Set<String> BERT = Set.of(
            "BertTokenizer",
            "DistilBertTokenizer",
            "ElectraTokenizer",
            "FunnelTokenizer",
            "LayoutLMTokenizer",
            "LxmertTokenizer",
            "MPNetTokenizer",
            "MobileBertTokenizer",
            "SqueezeBertTokenizer");

    /** Types of models that have such a class where tokenizer_config.json names none. */
    private static final Set<String> BERT_TYPES = Set.of(
            "bert",
            "convbert",
            "distilbert",
            "electra",
            "ernie",
            "layoutlm",
            "lxmert",
            "megatron-bert",
            "mobilebert",
            "mpnet",
            "nezha",
            "nomic_bert",
            "qdqbert",
            "realm",
            "retribert",
            "squeezebert");

    /** What a normalizer has to hold, anywhere in it, for a setting to be true. */
    private static final Map<String, String> STEPS = Map.of(LOWER, "Lowercase", ACCENTS, "StripAccents");

    private TokenizerSettings() {}

    /**
     * Changes what tokenizer.json says.
     *
     * @param file tokenizer.json
     * @param json the whole of it
     * @param modelType as config.json has it; or empty
     * @throws OrtuneException when a setting contradicts it and cannot be put into it
     */
    static void apply(Path file, ObjectNode json, TokenizerConfig config, String modelType) {
        String name = config.className();
        boolean wordPiece = json.at("/model/type").asText().equals("WordPiece");
        if (wordPiece && (BERT.contains(name) || (name.isEmpty() && BERT_TYPES.contains(modelType)))) {
            bert(json, config);
        } else if (name.isEmpty() || name.endsWith("PreTrainedTokenizer") || name.equals("TokenizersBackend")) {
            return; // tokenizer.json alone counts.
        } else {
            requireNoContradiction(file, json, config);
        }
    }

    private static void bert(ObjectNode json, TokenizerConfig config) {
        ObjectNode normalizer = json.putObject("normalizer");
        normalizer.put("type", "BertNormalizer").put("clean_text", true);
        normalizer.put("handle_chinese_chars", config.flag(CHINESE, true));
        if (config.has(ACCENTS)) {
            normalizer.put(ACCENTS, config.flag(ACCENTS, false));
        } else {
            normalizer.putNull(ACCENTS);
        }
        normalizer.put("lowercase", config.flag(LOWER, true));
        json.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    }

    private static void requireNoContradiction(Path file, ObjectNode json, TokenizerConfig config) {
        JsonNode normalizer = json.path("normalizer");
        for (String setting : List.of(LOWER, ACCENTS)) {
            boolean there = has(normalizer, "type", STEPS.get(setting)) || isSet(normalizer, setting);
            if (config.has(setting) && config.flag(setting, false) != there) {
                throw contradiction(file, config, setting);
            }
        }
        if (config.has(BLANK)) {
            for (JsonNode step : json.path("pre_tokenizer").findParents(BLANK)) {
                if (step.path(BLANK).booleanValue() != config.flag(BLANK, false)) {
                    throw contradiction(file, config, BLANK);
                }
            }
        }
    }

    private static boolean isSet(JsonNode normalizer, String setting) {
        return normalizer.findParents("handle_chinese_chars").stream()
                .anyMatch(step ->
                        step.path(setting.equals(LOWER) ? "lowercase" : setting).booleanValue());
    }

    private static boolean has(JsonNode json, String field, String value) {
        return json.findValuesAsText(field).contains(value);
    }

    private static OrtuneException contradiction(Path file, TokenizerConfig config, String setting) {
        return new OrtuneException(config.file() + ": " + setting + " is " + config.flag(setting, false) + ", but "
                + file.getFileName() + " does the opposite; one of them has to change");
    }
}
