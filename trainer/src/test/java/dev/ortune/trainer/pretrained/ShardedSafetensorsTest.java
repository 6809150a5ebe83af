package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSafetensorsTest {
    private static final Tensor A = SafetensorsTest.tensor("a", new long[] {2}, 1, 2);
    private static final Tensor B = SafetensorsTest.tensor("b", new long[] {1}, 3);

    @TempDir
    Path folder;

    @BeforeEach
    void writeShards() {
        Safetensors.write(folder.resolve("model-00001-of-00002.safetensors"), List.of(A), Map.of());
        Safetensors.write(folder.resolve("model-00002-of-00002.safetensors"), List.of(B), Map.of());
    }

    @Test
    void joinsTheShards() throws IOException {
        Path index = index(
                "{'metadata': {}, 'weight_map': {'b': 'model-00002-of-00002.safetensors', 'a': 'model-00001-of-00002.safetensors'}}");
        TinyBert.assertSame(ShardedSafetensors.read(index, name -> true), List.of(B, A));
    }

    @Test
    void hasTheDigestOfAllShards() throws IOException {
        index("{'weight_map': {'bert.pooler.dense.bias': 'model-00002-of-00002.safetensors',"
                + " 'bert.embeddings.LayerNorm.bias': 'model-00001-of-00002.safetensors'}}");
        StringBuilder list = new StringBuilder();
        for (String shard : List.of("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")) {
            list.append(Sha256.of(folder.resolve(shard)) + "  " + shard + "\n");
        }
        String sum = WeightFiles.sha256(folder, name -> true);
        assertThat(sum).isEqualTo(Sha256.of(list.toString().getBytes(StandardCharsets.UTF_8)));
        Safetensors.write(folder.resolve("model-00002-of-00002.safetensors"), List.of(A), Map.of());
        assertThat(WeightFiles.sha256(folder, name -> true)).isNotEqualTo(sum);
    }

    @Test
    void opensOnlyShardsThatAreWanted() throws IOException {
        Path index = index("{'weight_map': {'b': 'absent.safetensors', 'a': 'model-00001-of-00002.safetensors'}}");
        assertThat(ShardedSafetensors.read(index, name -> name.equals("a")).all())
                .hasSize(1);
    }

    @Test
    void refusesAMissingShard() throws IOException {
        Path index = index("{'weight_map': {'b': 'absent.safetensors'}}");
        refused(index, index + ": the shard absent.safetensors is missing");
    }

    @Test
    void refusesATensorThatItsShardLacks() throws IOException {
        Path index = index("{'weight_map': {'b': 'model-00001-of-00002.safetensors'}}");
        refused(
                index,
                folder.resolve("model-00001-of-00002.safetensors")
                        + ": tensor b is missing, though model.safetensors.index.json says it is there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'../model-00001-of-00002.safetensors'",
                "'/etc/passwd'",
                "'a\\\\b.safetensors'",
                "'..'",
                "''",
                "'.safetensors'",
                "1",
                "null"
            })
    void refusesShardsOutsideTheFolder(String name) throws IOException {
        Path index = index("{'weight_map': {'b': " + name + "}}");
        refused(index, index + ": tensor b is placed in a file with the impossible name \"");
    }

    @Test
    void refusesAnIndexWithoutAMap() throws IOException {
        Path index = index("{'weights': {}}");
        refused(index, index + ": has no weight_map");
    }

    @Test
    void refusesAnIndexThatIsNotJson() throws IOException {
        Path index = index("{'weights'");
        refused(index, index + ": is not valid JSON (line 1: ");
    }

    private Path index(String json) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), json.replace('\'', '"'));
    }

    private static void refused(Path index, String message) {
        assertThatThrownBy(() -> ShardedSafetensors.read(index, name -> true))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(message);
    }
}
