package dev.ortune.exporter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model folder as {@code ortune train} leaves it: the trainer's graph of a BERT with 2 layers, width 64, 400 tokens, 64
 * positions and 3 labels, with random weights of one seed and a tokenizer that knows letters, digits and some words.
 */
public final class TinyBert {
    private TinyBert() {}

    public static Path write(Path folder) {
        return write(folder, "");
    }

    /** A BERT whose tensor {@code broken} holds a number that half precision cannot. */
    public static Path write(Path folder, String broken) {
        try (InputStream graph = TinyBert.class.getResourceAsStream("graph.onnx")) {
            Files.createDirectories(folder);
            Files.copy(graph, folder.resolve("graph.onnx"));
            Files.writeString(folder.resolve("config.json"), """
                    {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "vocab_size": 400,
                     "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128,
                     "max_position_embeddings": 64, "type_vocab_size": 2, "hidden_act": "gelu", "pad_token_id": 0,
                     "layer_norm_eps": 1e-12, "problem_type": "single_label_classification",
                     "id2label": {"0": "bad", "1": "fair", "2": "good"}, "label2id": {"bad": 0, "fair": 1, "good": 2}}
                    """);
            Files.writeString(folder.resolve("tokenizer_config.json"), """
                    {"tokenizer_class": "BertTokenizer", "model_max_length": 64, "do_lower_case": true,
                     "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
                     "mask_token": "[MASK]"}
                    """);
            TinyTokenizer.write(folder);
            TinyWeights.write(folder, broken);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
