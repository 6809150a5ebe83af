package dev.ortune.trainer.pull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Hugging Face's small JSON files for models that are published without them. */
final class BertFiles {
    static final int POSITIONS = 512;

    private static final ObjectMapper JSON = new ObjectMapper();

    private BertFiles() {}

    static void write(Path folder, Shape shape, Vocabulary vocabulary) throws IOException {
        write(folder.resolve("config.json"), config(shape, vocabulary));
        write(folder.resolve("tokenizer_config.json"), tokenizerConfig(vocabulary));
        write(folder.resolve("special_tokens_map.json"), specialTokens());
    }

    private static ObjectNode config(Shape shape, Vocabulary vocabulary) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add(shape.architecture());
        config.put("attention_probs_dropout_prob", 0.1);
        config.putNull("classifier_dropout");
        config.put("hidden_act", "gelu");
        config.put("hidden_dropout_prob", 0.1);
        config.put("hidden_size", shape.width());
        config.put("initializer_range", 0.02);
        config.put("intermediate_size", shape.intermediate());
        config.put("layer_norm_eps", 1e-12);
        config.put("max_position_embeddings", POSITIONS);
        config.put("model_type", "bert");
        config.put("num_attention_heads", shape.heads());
        config.put("num_hidden_layers", shape.layers());
        config.put("pad_token_id", 0);
        config.put("position_embedding_type", "absolute");
        config.put("type_vocab_size", 2);
        return config.put("vocab_size", vocabulary.size());
    }

    private static ObjectNode tokenizerConfig(Vocabulary vocabulary) {
        ObjectNode config = specialTokens();
        config.put("clean_up_tokenization_spaces", true);
        config.put("do_lower_case", vocabulary.lowerCase());
        config.put("model_max_length", POSITIONS);
        config.putNull("strip_accents");
        config.put("tokenize_chinese_chars", true);
        return config.put("tokenizer_class", "BertTokenizer");
    }

    private static ObjectNode specialTokens() {
        ObjectNode tokens = JSON.createObjectNode();
        tokens.put("cls_token", "[CLS]");
        tokens.put("mask_token", "[MASK]");
        tokens.put("pad_token", "[PAD]");
        tokens.put("sep_token", "[SEP]");
        return tokens.put("unk_token", "[UNK]");
    }

    private static void write(Path file, ObjectNode json) throws IOException {
        Files.writeString(file, json.toPrettyString() + "\n");
    }
}
