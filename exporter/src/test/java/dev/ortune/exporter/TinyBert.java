package dev.ortune.exporter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.OnnxReader;
import dev.ortune.exporter.graph.ValueType;
import dev.ortune.exporter.pass.Freeze;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A model folder as {@code ortune train} leaves it: the trainer's graph of a BERT with 2 layers, width 64, 400 tokens, 64
 * positions and 3 labels, with random weights of one seed and a tokenizer that knows letters, digits and some words.
 */
public final class TinyBert {
    private static final int VOCABULARY = 400;
    private static final String WORDS =
            "the a of in cat dog house ship she he they was were is are sleeps sleep ran runs "
                    + "not no and or but red old small great quickly never always three answers question";

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
            Files.writeString(folder.resolve("tokenizer.json"), tokenizer().toString());
            weights(folder, broken);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deviation 0.1, wide enough that texts get different labels. */
    private static void weights(Path folder, String broken) throws IOException {
        Graph graph = OnnxReader.read(folder.resolve("graph.onnx"));
        Map<String, ValueType> inputs = new TreeMap<>(graph.inputs());
        inputs.keySet().removeAll(Freeze.TEXT_INPUTS);
        Random random = new Random(3);
        ObjectNode header = new ObjectMapper().createObjectNode();
        long end = 0;
        List<Float> values = new ArrayList<>();
        for (Map.Entry<String, ValueType> input : inputs.entrySet()) {
            ObjectNode entry = header.putObject(input.getKey()).put("dtype", "F32");
            long elements = 1;
            var shape = entry.putArray("shape");
            for (var dim : input.getValue().shape()) {
                shape.add(dim.size());
                elements *= dim.size();
            }
            entry.putArray("data_offsets").add(end).add(end + 4 * elements);
            end += 4 * elements;
            boolean scale = input.getKey().endsWith("LayerNorm.weight");
            for (long i = 0; i < elements; i++) {
                values.add((scale ? 1 : 0) + 0.1f * (float) random.nextGaussian());
            }
            if (input.getKey().equals(broken)) {
                values.set(values.size() - 1, 70000f);
            }
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate((int) (8 + json.length + end)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        values.forEach(bytes::putFloat);
        Files.write(folder.resolve("model.safetensors"), bytes.array());
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
