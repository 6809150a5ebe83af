package dev.ortune.exporter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A BERT's tokenizer of 400 tokens, which knows letters, digits and some words. */
public final class TinyTokenizer {
    private static final int VOCABULARY = 400;
    private static final String WORDS =
            "the a of in cat dog house ship she he they was were is are sleeps sleep ran runs "
                    + "not no and or but red old small great quickly never always three answers question";

    private TinyTokenizer() {}

    /** Writes {@code tokenizer.json}. */
    public static void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer().toString());
    }

    private static ObjectNode tokenizer() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode tokenizer = (ObjectNode) mapper.readTree("""
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [
                   {"id": 0, "content": "[PAD]", "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true},
                   {"id": 1, "content": "[UNK]", "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true},
                   {"id": 2, "content": "[CLS]", "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true},
                   {"id": 3, "content": "[SEP]", "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true}],
                 "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                   "strip_accents": null, "lowercase": true},
                 "pre_tokenizer": {"type": "BertPreTokenizer"},
                 "post_processor": {"type": "TemplateProcessing",
                   "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                     {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                   "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                     {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                     {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
                   "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                     "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
                 "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true}}
                """);
        ObjectNode model = tokenizer.putObject("model");
        model.put("type", "WordPiece").put("unk_token", "[UNK]").put("continuing_subword_prefix", "##");
        model.put("max_input_chars_per_word", 100);
        ObjectNode ids = model.putObject("vocab");
        vocabulary().forEach(token -> ids.put(token, ids.size()));
        return tokenizer;
    }

    private static List<String> vocabulary() {
        List<String> tokens = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        for (char c = '!'; c <= '~'; c++) {
            if (!Character.isUpperCase(c)) {
                tokens.add(String.valueOf(c));
                if (Character.isLetterOrDigit(c)) {
                    tokens.add("##" + c);
                }
            }
        }
        for (String letters : List.of("абвгдежз", "αβγδε", "你好世界天", "안녕", "œß")) {
            letters.chars().forEach(c -> tokens.addAll(List.of(String.valueOf((char) c), "##" + (char) c)));
        }
        tokens.addAll(List.of(WORDS.split(" ", -1)));
        while (tokens.size() < VOCABULARY) {
            tokens.add("[unused" + tokens.size() + "]");
        }
        return tokens;
    }
}
