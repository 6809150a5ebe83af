package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.model.Bert;
import dev.ortune.trainer.model.Berts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainedModelTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeConfig() throws IOException {
        Files.writeString(folder.resolve("config.json"), TinyBert.CONFIG);
    }

    @Test
    void readsSafetensors() throws IOException {
        List<Tensor> all = TinyBert.tensors(Berts.parameters(TinyBert.SHAPE, 3));
        PretrainedModel model = PretrainedModel.load(TinyBert.folder(folder, all));
        TinyBert.assertSame(model.weights(), all);
        assertThat(((Bert) model.architecture()).config()).isEqualTo(TinyBert.SHAPE.config());
        assertThat(model.configJson().path("custom").booleanValue()).isTrue();
        assertThat(model.folder()).isEqualTo(folder);
        assertThat(model.labels("classifier")).isEqualTo(3);
    }

    @Test
    void readsShards() throws IOException {
        List<Tensor> encoder = TinyBert.encoder();
        StringBuilder map = new StringBuilder();
        for (int i = 0; i < encoder.size(); i++) {
            map.append(i == 0 ? "" : ",").append('"' + encoder.get(i).name() + "\": \"" + (i % 2) + ".safetensors\"");
        }
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {" + map + "}}");
        for (int shard : List.of(0, 1)) {
            List<Tensor> part = encoder.stream()
                    .filter(tensor -> encoder.indexOf(tensor) % 2 == shard)
                    .toList();
            Safetensors.write(folder.resolve(shard + ".safetensors"), part, Map.of());
        }
        TinyBert.assertSame(PretrainedModel.load(folder).weights(), encoder);
    }

    @Test
    void readsAnOnnxEncoder() throws IOException {
        TinyOnnx.write(folder, TinyOnnx.graph(TinyBert.encoder(), true));
        PretrainedModel model = PretrainedModel.load(folder);
        TinyBert.assertSame(model.weights(), TinyBert.encoder());
        assertThat(model.labels("bert.pooler.dense")).isZero();
        assertThat(model.labels("classifier")).isZero();
    }

    @Test
    void readsGooglesCheckpointWithItsPooler() throws IOException {
        Files.move(folder.resolve("config.json"), folder.resolve("bert_config.json"));
        List<Tensor> tensors = new ArrayList<>(TinyBert.encoder());
        tensors.addAll(TinyBert.pooler());
        TinyBundle.of(tensors, "").write(folder, "bert_model.ckpt");
        PretrainedModel model = PretrainedModel.load(folder);
        TinyBert.assertSame(model.weights(), tensors);
        assertThat(model.configJson().path("model_type").asText()).isEqualTo("bert");
    }

    @Test
    void readsASavedModelsVariables() throws IOException {
        TinyBundle.of(TinyBert.encoder(), "module/")
                .write(Files.createDirectory(folder.resolve("variables")), "variables");
        TinyBert.assertSame(PretrainedModel.load(folder).weights(), TinyBert.encoder());
    }

    @Test
    void readsOldNamesWithoutPrefixAndLeavesOtherTensors() throws IOException {
        List<Tensor> old = new ArrayList<>();
        for (Tensor tensor : TinyBert.encoder()) {
            String name = tensor.name()
                    .replaceFirst("^bert\\.", "")
                    .replace("LayerNorm.weight", "LayerNorm.gamma")
                    .replace("LayerNorm.bias", "LayerNorm.beta");
            old.add(new Tensor(name, tensor.shape(), tensor.data()));
        }
        old.add(SafetensorsTest.tensor("bert.embeddings.position_ids", new long[] {1, 1}, 0));
        old.add(SafetensorsTest.tensor("cls.predictions.bias", new long[] {1}, 0));
        old.add(SafetensorsTest.tensor("bert.encoder.layer.2.output.dense.bias", new long[] {1}, 0));
        TinyBert.assertSame(PretrainedModel.load(TinyBert.folder(folder, old)).weights(), TinyBert.encoder());
    }

    @Test
    void ordersTensorsAsTheForwardPassDoes() throws IOException {
        List<Tensor> shuffled = new ArrayList<>(TinyBert.encoder());
        Collections.reverse(shuffled);
        TinyBert.assertSame(
                PretrainedModel.load(TinyBert.folder(folder, shuffled)).weights(), TinyBert.encoder());
    }

    @Test
    void acceptsATokenizerThatFits() throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\nc\n");
        TinyBert.assertSame(
                PretrainedModel.load(TinyBert.folder(folder, TinyBert.encoder()))
                        .weights(),
                TinyBert.encoder());
    }
}
