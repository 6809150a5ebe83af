package dev.ortune.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.golden.GoldenCase;
import dev.ortune.trainer.model.EncoderConfig.Size;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleTreeTest {
    private static final Bert BASE = Berts.bert(new Size(30522, 768, 12, 12, 3072, 512, 2));

    @Test
    void bertBaseHasAsManyParametersAsItsTensors() {
        long tensors = Berts.parameters(BASE, 2).stream()
                .mapToLong(Parameter::elements)
                .sum();
        assertThat(ModuleTree.of(Berts.classifier(BASE, 2)).total())
                .isEqualTo(tensors)
                .isEqualTo(109_483_778);
    }

    @Test
    void readsLikePyTorchsOwn() {
        String text = String.join("\n", ModuleTree.of(Berts.classifier(BASE, 2)).lines());
        assertThat(text)
                .contains("BertForSequenceClassification(")
                .contains("  (bert): BertModel(")
                .contains("(word_embeddings): Embedding(30522, 768)")
                .contains("(LayerNorm): LayerNorm((768,), eps=1e-12, elementwise_affine=True, bias=True)")
                .contains("(0-11): 12 x BertLayer(")
                .contains("(dense): Linear(in_features=768, out_features=3072, bias=True)")
                .contains("(classifier): Linear(in_features=768, out_features=2, bias=True)")
                .contains("109,483,778");
        assertThat(text.chars().filter(c -> c == '(').count())
                .isEqualTo(text.chars().filter(c -> c == ')').count());
    }

    @Test
    void aSingleLayerIsNoRange() {
        Bert small = Berts.bert(new Size(10, 4, 1, 2, 8, 5, 2), "relu", 0.1);
        assertThat(String.join("\n", ModuleTree.of(Berts.classifier(small, 3)).lines()))
                .contains("(0): BertLayer(");
    }

    @Test
    void layersThatShareTheirWeightsStandThereOnce() {
        assertThat(lines("albert"))
                .contains(
                        "  (albert): AlbertModel(",
                        "    (encoder): AlbertTransformer(",
                        "      (embedding_hidden_mapping_in): Linear(in_features=8, out_features=12, bias=True)",
                        "      (albert_layer_groups): ModuleList(",
                        "        (0-1): 2 x AlbertLayerGroup(",
                        "          (albert_layers): ModuleList(",
                        "            (0-1): 2 x AlbertLayer(",
                        "              (attention): AlbertAttention(",
                        "    (pooler): Linear(in_features=12, out_features=12, bias=True)");
    }

    @Test
    void mpNetsNames() {
        assertThat(lines("mpnet"))
                .contains(
                        "      (relative_attention_bias): Embedding(32, 3)",
                        "        (0-1): 2 x MPNetLayer(",
                        "          (attention): MPNetAttention(",
                        "            (attn): MPNetSelfAttention(",
                        "          (output): MPNetOutput(",
                        "  (classifier): MPNetClassificationHead(");
    }

    @Test
    void debertasNames() {
        assertThat(lines("deberta-v2"))
                .contains(
                        "  (deberta): DebertaV2Model(",
                        "      (embed_proj): Linear(in_features=8, out_features=12, bias=False)",
                        "      (rel_embeddings): Embedding(48, 12)",
                        "        (0-1): 2 x DebertaV2Layer(",
                        "            (self): DisentangledSelfAttention(",
                        "              (pos_key_proj): Linear(in_features=12, out_features=12, bias=True)",
                        "      (conv): ConvLayer(",
                        "        (conv): Conv1d(12, 12, kernel_size=(3,), stride=(1,), padding=(1,))",
                        "  (pooler): ContextPooler(");
    }

    @Test
    void modernBertsFirstLayerIsLikeNoOther() {
        assertThat(lines("modernbert"))
                .contains(
                        "  (model): ModernBertModel(",
                        "      (norm): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=False)",
                        "      (0): ModernBertEncoderLayer(",
                        "      (1-2): 2 x ModernBertEncoderLayer(",
                        "          (Wqkv): Linear(in_features=12, out_features=36, bias=False)",
                        "        (mlp): ModernBertMLP(",
                        "  (head): ModernBertPredictionHead(");
    }

    /** Of the golden files' network, without the numbers of parameters. */
    private static List<String> lines(String family) {
        GoldenCase golden = GoldenCase.load(family + "-sequence-classification");
        return ModuleTree.of(golden.network()).lines().stream()
                .map(line -> line.replaceFirst(" +[\\d,]+$", ""))
                .toList();
    }

    @Test
    void biasesAndLayerNormsAreSparedFromDecay() {
        ParameterGroups groups = ParameterGroups.of(Berts.parameters(BASE, 2));
        // 3 embeddings, 6 matrices a layer, pooler and classifier
        assertThat(groups.decayed().tensors()).isEqualTo(3 + 12 * 6 + 2);
        // 2 of the embeddings' LayerNorm, 6 biases and 4 of LayerNorms a layer, pooler and classifier
        assertThat(groups.spared().tensors()).isEqualTo(2 + 12 * 10 + 2);
        assertThat(groups.decayed().elements() + groups.spared().elements()).isEqualTo(109_483_778);
        assertThat(groups.lines().get(0)).contains("weight decay", "109,361,664 parameters in 77 tensors");
    }
}
