package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.model.Berts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PretrainedModelMalformedTest {
    private static final List<Tensor> ALL = TinyBert.tensors(Berts.parameters(TinyBert.SHAPE, 3));

    @TempDir
    Path folder;

    private Path config;
    private Path weights;

    @BeforeEach
    void writeModel() throws IOException {
        TinyBert.folder(folder, ALL);
        config = folder.resolve("config.json");
        weights = folder.resolve("model.safetensors");
    }

    @Test
    void noFolder() {
        Path absent = folder.resolve("absent");
        assertThatThrownBy(() -> PretrainedModel.load(absent))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessage(absent + ": no such model folder");
    }

    @Test
    void noConfiguration() throws IOException {
        Files.delete(config);
        refused(config + ": is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":|is not valid JSON (line 1: ",
                "[]|is not a JSON object",
                "{\"a\": 1, \"a\": 2}|is not valid JSON (line 1: Duplicate field 'a'",
                "{} {}|is not valid JSON (line 1: Trailing token",
                "{\"hidden_size\": \"many\"}|hidden_size must be a whole number, not \"many\"",
                "{\"vocab_size\": 7.5}|vocab_size must be a whole number, not 7.5",
                "{\"vocab_size\": 99999999999}|vocab_size must be a whole number, not 99999999999",
                "{\"layer_norm_eps\": \"tiny\"}|layer_norm_eps must be a number, not \"tiny\"",
                "{\"num_attention_heads\": 5}|hidden_size 768 is not a multiple of 5 attention heads",
                "{\"model_type\": \"bloom\"}|model_type \"bloom\" is not supported; albert, bert, camembert, "
                        + "deberta-v2, distilbert, electra, gpt2, llama, modernbert, mpnet, qwen2, roberta, t5, xlm-roberta are",
                "{\"position_embedding_type\": \"relative_key\"}"
                        + "|position_embedding_type \"relative_key\" is not supported; absolute is",
            })
    void configuration(String json, String message) throws IOException {
        Files.writeString(config, json);
        refused(config + ": " + message);
    }

    @Test
    void noWeights() throws IOException {
        Files.delete(weights);
        refused(
                folder
                        + ": holds no weights (looked for model.safetensors, model.safetensors.index.json, pytorch_model.bin,"
                        + " pytorch_model.bin.index.json, variables.index, variables/variables.index, bert_model.ckpt.index, model.onnx, onnx/model.onnx)");
    }

    @Test
    void aMissingLayer() throws IOException {
        keep(name -> !name.contains("layer.1."));
        refused(weights + ": layer 1 is missing (no tensor bert.encoder.layer.1.…), but " + config
                + " says num_hidden_layers 2");
    }

    @Test
    void moreLayersThanFitInMemory() throws IOException {
        Files.writeString(
                config, TinyBert.CONFIG.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2000000000"));
        refused(weights + ": layer 2 is missing (no tensor bert.encoder.layer.2.…), but " + config
                + " says num_hidden_layers 2000000000");
    }

    @Test
    void aMissingTensor() throws IOException {
        keep(name -> !name.equals("bert.encoder.layer.1.output.LayerNorm.bias"));
        refused(weights + ": tensor bert.encoder.layer.1.output.LayerNorm.bias is missing");
    }

    @Test
    void noWordEmbedding() throws IOException {
        keep(name -> !name.contains("word_embeddings"));
        refused(weights + ": tensor bert.embeddings.word_embeddings.weight is missing");
    }

    @Test
    void aTransposedTensor() throws IOException {
        String name = "bert.encoder.layer.0.output.dense.weight";
        List<Tensor> tensors = ALL.stream()
                .map(tensor -> tensor.name().equals(name) ? TinyBert.transposed(tensor) : tensor)
                .toList();
        TinyBert.folder(folder, tensors);
        refused(weights + ": tensor " + name + " has shape [6, 4], but " + config + " asks for [4, 6]");
    }

    @Test
    void aVocabularyThatDoesNotFitTheEmbedding() throws IOException {
        Files.writeString(config, TinyBert.CONFIG.replace("\"vocab_size\": 7", "\"vocab_size\": 8"));
        refused(weights + ": tensor bert.embeddings.word_embeddings.weight has rows for 7 tokens, but " + config
                + " says vocab_size 8");
    }

    @Test
    void aTokenizerThatDoesNotFitTheEmbedding() throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\nc\nd\n");
        refused(folder.resolve("vocab.txt")
                + ": has ids for 8 tokens, but tensor bert.embeddings.word_embeddings.weight in " + weights
                + " has only 7 rows");
    }

    @Test
    void oneNameInTwoSpellings() throws IOException {
        Tensor gamma = SafetensorsTest.tensor("embeddings.LayerNorm.gamma", new long[] {4}, 1, 2, 3, 4);
        TinyBert.folder(folder, Stream.concat(ALL.stream(), Stream.of(gamma)).toList());
        refused(weights + ": tensor bert.embeddings.LayerNorm.weight appears twice");
    }

    @ParameterizedTest
    @CsvSource({"bert.pooler.dense.bias", "bert.pooler.dense.weight", "classifier.bias", "classifier.weight"})
    void halfOfAHead(String missing) throws IOException {
        keep(name -> !name.equals(missing));
        refused(weights + ": tensor " + missing + " is missing");
    }

    @Test
    void anImpossibleHead() throws IOException {
        Tensor head = SafetensorsTest.tensor("classifier.weight", new long[] {0, 4});
        TinyBert.folder(
                folder,
                ALL.stream()
                        .map(tensor -> tensor.name().equals(head.name()) ? head : tensor)
                        .toList());
        refused(weights + ": tensor classifier.weight has the impossible shape [0, 4]");
    }

    private void keep(Predicate<String> names) throws IOException {
        TinyBert.folder(
                folder, ALL.stream().filter(tensor -> names.test(tensor.name())).toList());
    }

    private void refused(String message) {
        assertThatThrownBy(() -> PretrainedModel.load(folder))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(message);
    }
}
