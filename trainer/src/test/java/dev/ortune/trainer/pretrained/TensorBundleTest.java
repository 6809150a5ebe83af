package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBundleTest {
    private static final String BIAS = "bert/pooler/dense/bias";
    private static final Tensor TWO = SafetensorsTest.tensor("b", new long[] {2}, 1, 2);

    @TempDir
    Path folder;

    @Test
    void readsGooglesVariablesAndLeavesTheRest() throws IOException {
        TinyBundle bundle = TinyBundle.of(TinyBert.encoder(), "module/")
                .add("module/cls/predictions/output_bias", TWO)
                .add("module/bert/encoder/layer_0/output/dense/kernel/adam_m", TWO)
                .add("global_step", TWO)
                .add(
                        "module/cls/predictions/transform/dense/kernel",
                        SafetensorsTest.tensor("k", new long[] {1, 2}, 3, 4))
                .add("cls/seq_relationship/output_weights", TWO)
                .add("output_bias", TWO);
        Weights weights = TensorBundle.read(bundle.write(folder, "variables"), name -> true);
        List<String> names = TinyBert.encoder().stream().map(Tensor::name).toList();
        TinyBert.assertSame(new Weights("", names.stream().map(weights::get).toList()), TinyBert.encoder());
        assertThat(weights.get("classifier.bias").data().get(1)).isEqualTo(2);
        assertThat(weights.get("cls.predictions.bias").data().get(1)).isEqualTo(2);
        assertThat(weights.get("cls.seq_relationship.weight").data().get(1)).isEqualTo(2);
        assertThat(weights.get("cls.predictions.transform.dense.weight").shape())
                .containsExactly(2, 1);
        assertThat(weights.all()).hasSize(names.size() + 4);
    }

    @Test
    void knowsTheChecksumOfRfc3720() {
        ByteBuffer digits = ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII));
        int crc = 0xe3069283;
        assertThat(MaskedCrc32c.of(digits)).isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
    }

    @Test
    void refusesDamagedData() throws IOException {
        Path index = bundle(new TinyBundle().add(BIAS, TWO));
        Path data = folder.resolve("variables.data-00000-of-00001");
        Files.write(data, new byte[8]);
        assertThatThrownBy(() -> TensorBundle.read(index, name -> true))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessage(data + ": variable " + BIAS + " is damaged: its checksum differs");
    }

    @Test
    void refusesShortenedData() throws IOException {
        Path index = bundle(new TinyBundle().add(BIAS, TWO));
        Path data = Files.write(folder.resolve("variables.data-00000-of-00001"), new byte[7]);
        assertThatThrownBy(() -> TensorBundle.read(index, name -> true))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessage(data + ": variable " + BIAS + " lies outside the file (bytes 0 + 8 of 7)");
    }

    @Test
    void refusesMissingData() throws IOException {
        Path index = bundle(new TinyBundle().add(BIAS, TWO));
        Files.delete(folder.resolve("variables.data-00000-of-00001"));
        refused(index, "its data file variables.data-00000-of-00001 is missing");
    }

    @Test
    void refusesOtherTypes() throws IOException {
        refused(
                entry(3, new long[] {2}, 0, 0, 8),
                "variable " + BIAS + " has TensorFlow's dtype 3; only 1 (float) can be read");
    }

    @Test
    void refusesSizesThatDoNotFitTheShape() throws IOException {
        refused(entry(1, new long[] {3}, 0, 0, 8), "variable " + BIAS + " needs 12 bytes but has 8");
    }

    @Test
    void refusesShapesThatOverflow() throws IOException {
        refused(
                entry(1, new long[] {1L << 40, 1L << 40}, 0, 0, 8),
                "variable " + BIAS + " has a shape whose size overflows");
    }

    @Test
    void refusesNegativeDimensions() throws IOException {
        refused(
                entry(1, new long[] {-2}, 0, 0, 8),
                "variable " + BIAS + " has a broken entry (a dimension is negative)");
    }

    @Test
    void refusesUnknownDataFiles() throws IOException {
        refused(entry(1, new long[] {2}, 1, 0, 8), "refers to data file 1, but has 1 of them");
    }

    @Test
    void refusesNegativeOffsets() throws IOException {
        TinyBundle bundle = new TinyBundle();
        bundle.entries.put(BIAS, TinyBundle.entry(1, new long[] {2}, 0, -8, 8, 0));
        Path index = bundle(bundle);
        assertThatThrownBy(() -> TensorBundle.read(index, name -> true))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageContaining("variable " + BIAS + " lies outside the file");
    }

    @Test
    void refusesSlicedVariables() throws IOException {
        TinyBundle bundle = new TinyBundle();
        bundle.entries.put(BIAS, TinyBundle.message(output -> {
            output.writeEnum(1, 1);
            output.writeByteArray(7, new byte[0]);
        }));
        refused(bundle(bundle), "variable " + BIAS + " is stored in slices, which is not supported");
    }

    @Test
    void refusesBrokenEntries() throws IOException {
        TinyBundle bundle = new TinyBundle();
        bundle.entries.put(BIAS, new byte[] {18, 100});
        refused(bundle(bundle), "variable " + BIAS + " has a broken entry (");
    }

    @Test
    void refusesKernelsThatAreNoMatrices() throws IOException {
        refused(
                bundle(new TinyBundle().add("bert/pooler/dense/kernel", TWO)),
                "variable bert/pooler/dense/kernel is no matrix: it has 1 dimensions");
    }

    @Test
    void refusesBigEndianData() throws IOException {
        TinyBundle bundle = new TinyBundle();
        bundle.entries.put("", TinyBundle.message(output -> output.writeEnum(2, 1)));
        refused(bundle(bundle), "holds big-endian data, which is not supported");
    }

    @Test
    void refusesATableOfSomethingElse() throws IOException {
        TinyBundle bundle = new TinyBundle().add(BIAS, TWO);
        bundle.entries.remove("");
        refused(bundle(bundle), "is not a TensorFlow checkpoint (no header entry)");
    }

    @Test
    void refusesCompressedTables() throws IOException {
        TinyBundle bundle = new TinyBundle().add(BIAS, TWO);
        bundle.compression = 1;
        refused(
                bundle(bundle),
                "is a broken checkpoint index (the meta index block is compressed (type 1), which is not supported)");
    }

    @Test
    void refusesOtherFiles() throws IOException {
        refused(
                Files.write(folder.resolve("a.index"), new byte[47]),
                "is not a TensorFlow checkpoint index (only 47 bytes)");
        refused(
                Files.write(folder.resolve("a.index"), new byte[99]),
                "is not a TensorFlow checkpoint index (wrong magic number)");
    }

    @Test
    void refusesDamageAnywhereInTheTable() throws IOException {
        Path index = bundle(TinyBundle.of(TinyBert.encoder(), ""));
        byte[] bytes = Files.readAllBytes(index);
        for (int i = 0; i < bytes.length; i += 5) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 0x40;
            Files.write(index, damaged);
            if (i < bytes.length - 48 || i >= bytes.length - 8) {
                assertThatThrownBy(() -> TensorBundle.read(index, name -> true))
                        .as("byte %d", i)
                        .isExactlyInstanceOf(OrtuneException.class);
            }
        }
    }

    @Test
    void refusesATruncatedTable() throws IOException {
        Path index = bundle(TinyBundle.of(TinyBert.encoder(), ""));
        byte[] bytes = Files.readAllBytes(index);
        Files.write(index, Arrays.copyOfRange(bytes, 100, bytes.length));
        refused(index, "");
    }

    private Path bundle(TinyBundle bundle) throws IOException {
        return bundle.write(folder, "variables");
    }

    private Path entry(int dtype, long[] shape, int shard, long offset, long size) throws IOException {
        TinyBundle bundle = new TinyBundle();
        bundle.entries.put(BIAS, TinyBundle.entry(dtype, shape, shard, offset, size, 0));
        return bundle(bundle);
    }

    private static void refused(Path index, String message) {
        assertThatThrownBy(() -> TensorBundle.read(index, name -> true))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(index + ": " + message);
    }
}
