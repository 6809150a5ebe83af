package dev.ortune.exporter.family;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.TinyTokenizer;
import dev.ortune.exporter.TinyWeights;
import dev.ortune.exporter.export.ExportOptions;
import dev.ortune.exporter.export.Optimize;
import dev.ortune.exporter.export.Precision;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.OnnxWriter;
import dev.ortune.exporter.precision.ActivationScale;
import dev.ortune.exporter.precision.Quantisation;
import dev.ortune.exporter.verify.DataColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A model folder of any family as {@code ortune train} leaves it: 2 layers, width 64, at most 64 tokens, with random weights
 * of one seed.
 */
public final class TinyModel {
    private static final List<String> LABELS = List.of("bad", "fair", "good");

    private TinyModel() {}

    /** With three labels of texts or of tokens. */
    public static Path write(Path folder, Family family, boolean ofTokens) {
        ObjectNode config = config(family, family.architecture(ofTokens));
        return write(folder, family, config, TinyGraph.of(family, config, ofTokens));
    }

    /** With three labels of texts that may have several of them, or none. */
    public static Path ofSeveralLabels(Path folder, Family family) {
        ObjectNode config = config(family, family.architecture(false));
        config.put("problem_type", "multi_label_classification");
        return write(folder, family, config, TinyGraph.of(family, config, false));
    }

    /** With one number a text. */
    public static Path ofOneNumber(Path folder, Family family) {
        ObjectNode config = config(family, family.architecture(false));
        config.putObject("id2label").put("0", "LABEL_0");
        return write(folder, family, config, TinyGraph.of(family, config, false));
    }

    /** With places where answers begin and end. */
    public static Path ofAnswers(Path folder, Family family) {
        String architecture = family.architecture(false).replace("SequenceClassification", "QuestionAnswering");
        ObjectNode config = config(family, architecture);
        config.remove(List.of("id2label", "label2id"));
        return write(folder, family, config, TinyGraph.ofAnswers(family, config));
    }

    /** A BERT that fills masks. */
    public static Path ofMasks(Path folder) {
        ObjectNode config = config(Family.BERT, "BertForMaskedLM");
        config.remove(List.of("id2label", "label2id"));
        Path model = write(folder, Family.BERT, config, TinyGraph.ofMasks(config));
        ObjectNode tokenizer = JsonFile.readObject(model.resolve("tokenizer.json"));
        // The mask is found in a text as a whole.
        tokenizer
                .putArray("added_tokens")
                .addObject()
                .put("id", 4)
                .put("content", "[MASK]")
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        try {
            Files.writeString(model.resolve("tokenizer.json"), tokenizer.toString());
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With hidden states beside the logits. */
    public static Path withHiddenStates(Path folder, Family family) {
        ObjectNode config = config(family, family.architecture(false));
        return write(folder, family, config, TinyGraph.withHiddenStates(family, config));
    }

    private static Path write(Path folder, Family family, ObjectNode config, Graph graph) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), config.toString());
            OnnxWriter.write(graph, folder.resolve("graph.onnx"));
            TinyWeights.write(folder, "");
            if (family == Family.ROBERTA) {
                for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
                    Files.copy(golden("tokenizers/roberta").resolve(file), folder.resolve(file));
                }
            } else {
                TinyTokenizer.write(folder);
                Files.writeString(folder.resolve("tokenizer_config.json"), """
                        {"tokenizer_class": "BertTokenizer", "model_max_length": 64, "do_lower_case": true,
                         "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]"}
                        """);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** fp32 alone, on the built-in sentences and on one thread. */
    public static ExportOptions inFloat32() {
        return options(List.of(Precision.FP32), List.of(), false);
    }

    /** fp32, fp16 and int8 on the built-in sentences, on one thread. */
    static ExportOptions inThreePrecisions(boolean force) {
        return options(List.of(Precision.FP32, Precision.FP16, Precision.INT8), List.of(), force);
    }

    /** At opset 17 and, in int8, with a scale a tensor; on the built-in sentences and on one thread. */
    public static ExportOptions options(List<Precision> precisions, List<Optimize> optimize, boolean force) {
        return new ExportOptions(
                precisions, optimize, 17, null, DataColumns.FOUND, Quantisation.with(ActivationScale.TENSOR), force, 1);
    }

    /** A folder of the trainer's golden files. */
    public static Path golden(String name) {
        try {
            return Path.of(TinyModel.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode config(Family family, String architecture) {
        ObjectNode config = new ObjectMapper().createObjectNode();
        config.put("model_type", family.toString());
        config.putArray("architectures").add(architecture);
        boolean distilled = family == Family.DISTILBERT;
        config.put("vocab_size", family == Family.ROBERTA ? 480 : 400)
                .put(distilled ? "dim" : "hidden_size", 64)
                .put(distilled ? "n_layers" : "num_hidden_layers", 2)
                .put(distilled ? "n_heads" : "num_attention_heads", 4)
                .put(distilled ? "hidden_dim" : "intermediate_size", 128)
                .put("max_position_embeddings", family == Family.ROBERTA ? 66 : 64)
                .put("pad_token_id", family.special()[0]);
        if (!distilled) {
            config.put("type_vocab_size", family.hasTypes() ? 2 : 1).put("hidden_act", "gelu");
        }
        if (family == Family.ELECTRA) {
            config.put("embedding_size", 32);
        }
        ObjectNode names = config.putObject("id2label");
        ObjectNode ids = config.putObject("label2id");
        LABELS.forEach(label -> names.put(Integer.toString(names.size()), label));
        LABELS.forEach(label -> ids.put(label, ids.size()));
        return config;
    }
}
