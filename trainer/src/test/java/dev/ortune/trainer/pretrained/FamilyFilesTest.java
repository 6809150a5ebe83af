package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.inference.ClassifierConfig;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.task.TokenClassification;
import dev.ortune.trainer.task.head.SequenceHead;
import dev.ortune.trainer.task.head.TokenHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden files' weights of each family as files of other times and tools have them. */
class FamilyFilesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "distilbert", "electra", "albert", "mpnet"})
    void whatTransformersSavedIsReadWhole(String family) throws IOException {
        List<Tensor> saved = saved(family, "sequence");
        PretrainedModel model = PretrainedModel.load(write(family, saved));
        Network network = new Network(model.architecture(), new SequenceHead(3));
        assertThat(network.parameters())
                .extracting(Parameter::name)
                .containsExactlyInAnyOrderElementsOf(
                        saved.stream().map(Tensor::name).toList());
        assertThat(model.withFreshHead(network, 1).initialised()).isEmpty();
        assertThat(model.labels(network.head().lastLayer(model.architecture()))).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "distilbert", "electra", "albert", "mpnet"})
    void bareEncodersOldSpellingsAndLeftOversAreKnown(String family) throws IOException {
        List<Tensor> old = new ArrayList<>();
        for (Tensor tensor : saved(family, "token")) {
            String name = tensor.name()
                    .replaceFirst("^" + family + "\\.", "")
                    .replace("LayerNorm.weight", "LayerNorm.gamma")
                    .replace("LayerNorm.bias", "LayerNorm.beta");
            if (!name.startsWith("classifier.")) {
                old.add(new Tensor(name, tensor.shape(), tensor.data()));
            }
        }
        for (String leftOver : List.of(
                "embeddings.position_ids",
                "cls.predictions.bias",
                "lm_head.dense.weight",
                "vocab_transform.weight",
                "discriminator_predictions.dense.weight",
                "generator_lm_head.bias",
                "predictions.decoder.bias",
                "sop_classifier.classifier.weight")) {
            old.add(SafetensorsTest.tensor(leftOver, new long[] {1}, 0));
        }
        PretrainedModel model = PretrainedModel.load(write(family, old));
        for (Tensor tensor : saved(family, "token")) {
            if (!tensor.name().startsWith("classifier.")) {
                assertThat(model.weights().get(tensor.name()).data()).isEqualTo(tensor.data());
            }
        }
        Network network = new Network(model.architecture(), new TokenHead(5));
        assertThat(model.withFreshHead(network, 1).initialised())
                .containsExactly("classifier.weight", "classifier.bias");
    }

    @ParameterizedTest
    @CsvSource({"bert,24", "roberta,24", "distilbert,24", "electra,24", "albert,24", "mpnet,24"})
    void tokensAreBoundedByWhatTheFamilyTakes(String family, int most) throws IOException {
        assertThat(PretrainedModel.load(write(family, saved(family, "token")))
                        .architecture()
                        .mostTokens())
                .isEqualTo(most);
    }

    @ParameterizedTest
    @CsvSource({
        "bert,BertForTokenClassification,true",
        "roberta,RobertaForTokenClassification,false",
        "distilbert,DistilBertForTokenClassification,false",
        "electra,ElectraForTokenClassification,true",
        "albert,AlbertForTokenClassification,true",
        "mpnet,MPNetForTokenClassification,false"
    })
    void theConfigurationNamesTransformersClass(String family, String name, boolean types) throws IOException {
        PretrainedModel model = PretrainedModel.load(write(family, saved(family, "token")));
        Network network = new Network(model.architecture(), new TokenHead(2));
        ObjectNode config =
                ClassifierConfig.of(model, network, new Labels(List.of("O", "B-x")), new TokenClassification(false));
        assertThat(config.path("architectures").path(0).asText()).isEqualTo(name);
        assertThat(config.path("model_type").asText()).isEqualTo(family);
        assertThat(config.has("problem_type")).isFalse();
        assertThat(network.plain().inputs().containsKey("token_type_ids")).isEqualTo(types);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "distilbert|n_heads|5|hidden_size 12 is not a multiple of 5 attention heads",
                "distilbert|n_layers|3|layer 2 is missing (no tensor distilbert.transformer.layer.2.…)",
                "roberta|pad_token_id|25|pad_token_id 25 leaves no room among 26 positions and 48 tokens",
                "roberta|pad_token_id|-1|pad_token_id -1 leaves no room among 26 positions and 48 tokens",
                "albert|num_hidden_groups|4|at most 1000 layers are, and no more groups than layers",
                "albert|num_hidden_layers|1000000|num_hidden_layers 1000000 of inner_group_num 2 in num_hidden_groups 2",
                "albert|inner_group_num|2147483647|inner_group_num 2147483647 in num_hidden_groups 2 are not supported",
                "albert|inner_group_num|3|albert_layers.2.attention.query.weight is missing",
                "mpnet|relative_attention_num_buckets|16|is too few; MPNet tells 32 distances apart",
                "mpnet|max_position_embeddings|2|the padding token 1 leaves no room among 2 positions and 48 tokens",
                "mpnet|num_hidden_layers|3|layer 2 is missing (no tensor mpnet.encoder.layer.2.…)",
                "electra|embedding_size|0|embedding_size must be positive, not 0",
                "electra|embedding_size|9|tensor electra.embeddings.word_embeddings.weight has shape [48, 8]"
            })
    void impossibleConfigurationsAreRefused(String family, String key, int value, String message) throws IOException {
        Path model = write(family, saved(family, "sequence"));
        ObjectNode config = JsonFile.readObject(model.resolve("config.json"));
        config.put(key, value);
        Files.write(model.resolve("config.json"), JsonFile.bytes(config));
        assertThatThrownBy(() -> PretrainedModel.load(model)).hasMessageContaining(message);
    }

    private static List<Tensor> saved(String family, String task) {
        return List.copyOf(Safetensors.read(golden(family, task).resolve("model.safetensors"))
                .all());
    }

    private static Path golden(String family, String task) {
        return Path.of("src/test/resources/golden", family + "-" + task + "-classification");
    }

    private Path write(String family, List<Tensor> tensors) throws IOException {
        ObjectNode config = (ObjectNode) new ObjectMapper()
                .readTree(golden(family, "token").resolve("config.json").toFile());
        Files.write(folder.resolve("config.json"), JsonFile.bytes(config));
        Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of());
        return folder;
    }
}
