package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.OnnxFile;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden files' weights of each family as files of other times and tools have them. */
class FamilyFilesTest {
    private static final String HEAD = "(classifier|score)\\..*";
    private static final String PREFIXES = "(albert|bert|deberta|distilbert|electra|model|mpnet|roberta|transformer)";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "roberta",
                "distilbert",
                "electra",
                "albert",
                "mpnet",
                "deberta-v2",
                "deberta-v3",
                "modernbert",
                "t5",
                "gpt2",
                "llama",
                "qwen2"
            })
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
    @ValueSource(
            strings = {
                "bert",
                "roberta",
                "distilbert",
                "electra",
                "albert",
                "mpnet",
                "deberta-v2",
                "deberta-v3",
                "modernbert",
                "t5",
                "gpt2",
                "llama",
                "qwen2"
            })
    void bareEncodersOldSpellingsAndLeftOversAreKnown(String family) throws IOException {
        List<Tensor> old = new ArrayList<>();
        for (Tensor tensor : saved(family, "token")) {
            String name = tensor.name()
                    .replaceFirst("^" + PREFIXES + "\\.", "")
                    .replace("LayerNorm.weight", "LayerNorm.gamma")
                    .replace("LayerNorm.bias", "LayerNorm.beta");
            if (!name.matches(HEAD)) {
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
                "lm_predictions.lm_head.dense.weight",
                "mask_predictions.dense.weight",
                "sop_classifier.classifier.weight",
                "h.0.attn.bias",
                "h.0.attn.masked_bias",
                "lm_head.weight")) {
            old.add(SafetensorsTest.tensor(leftOver, new long[] {1}, 0));
        }
        PretrainedModel model = PretrainedModel.load(write(family, old));
        for (Tensor tensor : saved(family, "token")) {
            if (!tensor.name().matches(HEAD)) {
                assertThat(model.weights().get(tensor.name()).data()).isEqualTo(tensor.data());
            }
        }
        Network network = new Network(model.architecture(), new TokenHead(5));
        String last = network.head().lastLayer(model.architecture());
        assertThat(last).matches("classifier|score");
        assertThat(model.withFreshHead(network, 1).initialised()).containsExactly(last + ".weight", last + ".bias");
    }

    @ParameterizedTest
    @CsvSource({
        "bert,24",
        "roberta,24",
        "distilbert,24",
        "electra,24",
        "albert,24",
        "mpnet,24",
        "deberta-v3,24",
        "modernbert,24",
        "t5,8192",
        "gpt2,24",
        "llama,24",
        "qwen2,24"
    })
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
        "mpnet,MPNetForTokenClassification,false",
        "deberta-v2,DebertaV2ForTokenClassification,false",
        "modernbert,ModernBertForTokenClassification,false",
        "t5,T5ForTokenClassification,false",
        "gpt2,GPT2ForTokenClassification,false",
        "llama,LlamaForTokenClassification,false",
        "qwen2,Qwen2ForTokenClassification,false"
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
                "modernbert|num_hidden_layers|4|num_hidden_layers 4 is more than the 3 of layer_types",
                "modernbert|num_attention_heads|4|heads of 3 numbers cannot be turned by halves",
                "modernbert|local_attention|1|local_attention 1 leaves nothing to see; 2 is the least",
                "modernbert|classifier_pooling|3|classifier_pooling \"3\" is not supported; cls and mean are",
                "modernbert|norm_bias|1|norm_bias must be true or false, not 1",
                "deberta-v3|position_buckets|1|position_buckets 1 do not fit distances up to 24",
                "deberta-v3|position_buckets|46|position_buckets 46 do not fit distances up to 24",
                "deberta-v3|position_buckets|10|tensor deberta.encoder.rel_embeddings.weight has shape [16, 12]",
                "deberta-v3|relative_attention|1|relative_attention must be true or false, not 1",
                "deberta-v3|attention_head_size|5|attention_head_size 5 is not supported; 4 is",
                "deberta-v2|conv_kernel_size|4|conv_kernel_size 4 is not supported; odd numbers below 100 are",
                "deberta-v2|conv_kernel_size|5|encoder.conv.conv.weight has shape [12, 12, 3]",
                "t5|num_layers|3|layer 2 is missing (no tensor transformer.encoder.block.2.…)",
                "t5|decoder_start_token_id|3|pad_token_id 0 and decoder_start_token_id 3 are not supported; 0 and 0 are",
                "t5|relative_attention_num_buckets|7|relative_attention_num_buckets 7 do not fit",
                "t5|relative_attention_max_distance|4|relative_attention_num_buckets 8 do not fit",
                "t5|relative_attention_max_distance|2147483647|relative_attention_num_buckets 8 do not fit",
                "t5|num_decoder_layers|1000000000|num_decoder_layers 1000000000 is more than the 1000 supported",
                "t5|d_kv|4|SelfAttention.q.weight has shape [15, 12]",
                "gpt2|n_head|5|hidden_size 12 is not a multiple of 5 attention heads",
                "gpt2|n_layer|3|layer 2 is missing (no tensor transformer.h.2.…), but",
                "gpt2|n_inner|25|tensor transformer.h.0.mlp.c_fc.weight has shape [12, 24]",
                "llama|num_key_value_heads|3|num_attention_heads 4 is not a multiple of num_key_value_heads 3",
                "llama|num_key_value_heads|1|self_attn.k_proj.weight has shape [8, 12]",
                "llama|head_dim|1000000000|heads of 1000000000 numbers are not supported; even numbers up to 4096 are",
                "llama|num_hidden_layers|3|layer 2 is missing (no tensor model.layers.2.…), but",
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

    /** Turns and windows of Llama's kin, of which some are not computed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '!',
            value = {
                "llama|{\"rope_parameters\": {\"rope_type\": \"yarn\"}}|rope_type \"yarn\" is not supported; default,",
                "llama|{\"rope_parameters\": null, \"rope_scaling\": {\"type\": \"dynamic\"}}|rope_type \"dynamic\" is not",
                "llama|{\"rope_parameters\": {\"rope_type\": \"llama3\"}}|low_freq_factor must be above 0",
                "llama|{\"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 0}}|factor must be above 0",
                "llama|{\"rope_parameters\": {\"rope_theta\": -1}}|rope_theta must be positive",
                "qwen2|{\"use_sliding_window\": true}|use_sliding_window true is not supported; false is"
            })
    void turnsThatAreNotComputedAreRefused(String family, String changes, String message) throws IOException {
        Path model = write(family, saved(family, "sequence"));
        ObjectNode config = JsonFile.readObject(model.resolve("config.json"));
        config.setAll((ObjectNode) new ObjectMapper().readTree(changes));
        Files.write(model.resolve("config.json"), JsonFile.bytes(config));
        assertThatThrownBy(() -> PretrainedModel.load(model)).hasMessageContaining(message);
    }

    /** What ELECTRA's head for choices may be otherwise, and is in no published model. */
    @Test
    void otherSummariesOfElectraAreRefused() throws IOException {
        Path model = write("electra", saved("electra", "sequence"));
        ObjectNode config = JsonFile.readObject(model.resolve("config.json"));
        Files.write(
                model.resolve("config.json"), JsonFile.bytes(config.deepCopy().put("summary_type", "mean")));
        assertThatThrownBy(() -> PretrainedModel.load(model))
                .hasMessageContaining("summary_type mean is not supported; first is");
        Files.write(
                model.resolve("config.json"), JsonFile.bytes(config.deepCopy().put("summary_use_proj", false)));
        assertThatThrownBy(() -> PretrainedModel.load(model))
                .hasMessageContaining("summary_use_proj false is not supported; true is");
    }

    /** As answerdotai's files of 2024 have it: numbers where there are a list and a table today. */
    @Test
    void modernBertsOlderConfigurationIsTheSame() throws IOException {
        Path model = write("modernbert", saved("modernbert", "sequence"));
        Graph today = new Network(PretrainedModel.load(model).architecture(), new SequenceHead(3)).plain();
        ObjectNode config = JsonFile.readObject(model.resolve("config.json"));
        config.remove(List.of("layer_types", "rope_parameters"));
        config.put("global_attn_every_n_layers", 3)
                .put("global_rope_theta", 160000.0)
                .put("local_rope_theta", 10000.0);
        Files.write(model.resolve("config.json"), JsonFile.bytes(config));
        Graph older = new Network(PretrainedModel.load(model).architecture(), new SequenceHead(3)).plain();
        assertThat(OnnxFile.model(older)).isEqualTo(OnnxFile.model(today));
        config.put("local_rope_theta", 500.0);
        Files.write(model.resolve("config.json"), JsonFile.bytes(config));
        Graph other = new Network(PretrainedModel.load(model).architecture(), new SequenceHead(3)).plain();
        assertThat(OnnxFile.model(other)).isNotEqualTo(OnnxFile.model(today));
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
