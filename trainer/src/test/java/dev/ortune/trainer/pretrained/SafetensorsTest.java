package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatItWrote() {
        Path file = folder.resolve("model.safetensors");
        Tensor matrix = tensor("b", new long[] {2, 3}, 1, 2, 3, 4, 5, -6.5f);
        Tensor scalar = tensor("a", new long[] {}, Float.MIN_VALUE);
        Tensor empty = tensor("none", new long[] {0, 7});
        Safetensors.write(file, List.of(matrix, scalar, empty), Map.of("note", "hello"));

        Weights weights = Safetensors.read(file);

        assertThat(weights.all()).extracting(Tensor::name).containsExactly("b", "a", "none");
        assertThat(weights.get("b").shape()).containsExactly(2, 3);
        assertThat(weights.get("b").data()).isEqualTo(matrix.data());
        assertThat(weights.get("b").data().isDirect()).isTrue();
        assertThat(weights.get("a").data().get(0)).isEqualTo(Float.MIN_VALUE);
        assertThat(weights.get("none").elements()).isZero();
    }

    @Test
    void writesTheSameBytesAgainAndInTheFormatsOwnLayout() throws IOException {
        Path file = folder.resolve("model.safetensors");
        List<Tensor> tensors = List.of(tensor("x", new long[] {1}, 1.5f));
        Safetensors.write(file, tensors, Map.of());
        String header = """
                {"__metadata__":{"format":"pt"},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        byte[] first = Files.readAllBytes(file);
        ByteBuffer bytes = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getLong(0)).isEqualTo(88);
        assertThat(new String(first, 8, 88, StandardCharsets.UTF_8)).isEqualTo(header + "   ");
        assertThat(bytes.getFloat(96)).isEqualTo(1.5f);
        assertThat(first).hasSize(100);

        Safetensors.write(file, tensors, Map.of());
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
    }

    @Test
    void writesTensorsLongerThanOneChunk() {
        Path file = folder.resolve("model.safetensors");
        float[] values = new float[300_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Safetensors.write(file, List.of(tensor("x", new long[] {300, 1000}, values)), Map.of());
        assertThat(Safetensors.read(file).get("x").data()).isEqualTo(FloatBuffer.wrap(values));
    }

    @Test
    void refusesToWriteOneNameTwice() {
        Path file = folder.resolve("model.safetensors");
        Tensor tensor = tensor("x", new long[] {1}, 1);
        assertThatThrownBy(() -> Safetensors.write(file, List.of(tensor, tensor), Map.of()))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(file + ": two tensors are called x");
        assertThat(file).doesNotExist();
    }

    @Test
    void widensHalfPrecision() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits : new int[] {0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000, 0x3555}) {
            data.putShort((short) bits);
        }
        for (int bits : new int[] {0x3f80, 0xc049, 0x0000}) {
            data.putShort((short) bits);
        }
        Path file = SafetensorsFile.write(folder, """
                {"h":{"dtype":"F16","shape":[7],"data_offsets":[0,14]},
                 "b":{"dtype":"BF16","shape":[3],"data_offsets":[14,20]}}""", data.array());
        Weights weights = Safetensors.read(file);
        assertThat(floats(weights.get("h")))
                .containsExactly(1f, -2f, 0x1p-24f, 65504f, Float.POSITIVE_INFINITY, -0f, 0.33325195f);
        assertThat(floats(weights.get("b"))).containsExactly(1f, -3.140625f, 0f);
    }

    @Test
    void looksAtUnwantedTensorsOnlyForTheirPlace() throws IOException {
        Path file = SafetensorsFile.write(folder, """
                {"position_ids":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},
                 "x":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", new byte[12]);
        Weights weights = Safetensors.read(file, name -> name.equals("x"));
        assertThat(weights.all()).extracting(Tensor::name).containsExactly("x");
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(file + ": tensor position_ids is I64; only F32, F16 and BF16 can be read");
    }

    @Test
    void readsFilesOfMoreThanTwoGigabytes() throws IOException {
        long half = 1_200_000_000;
        String header = """
                {"a":{"dtype":"F32","shape":[300000000],"data_offsets":[0,1200000000]},
                 "b":{"dtype":"F32","shape":[300000000],"data_offsets":[1200000000,2400000000]}}""";
        Path file = sparse(
                header,
                2 * half,
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 2.5f));
        Weights weights = Safetensors.read(file);
        assertThat(weights.get("a").data().get(299_999_999)).isZero();
        assertThat(weights.get("b").data().get(299_999_999)).isEqualTo(2.5f);
    }

    @Test
    void refusesTensorsOfMoreThanTwoGigabytes() throws IOException {
        String header = """
                {"a":{"dtype":"F32","shape":[600000000],"data_offsets":[0,2400000000]}}""";
        Path file = sparse(header, 2_400_000_000L, ByteBuffer.allocate(4));
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(file + ": tensor a is larger than 2 GB, which is not supported");
    }

    /** A file that takes next to no space where the file system keeps holes. */
    private Path sparse(String header, long dataSize, ByteBuffer end) throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "skipped: files with holes are made on Linux only");
        Path file = SafetensorsFile.write(folder, header, new byte[0]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(end, 8 + header.length() + dataSize - end.capacity());
        }
        return file;
    }

    static Tensor tensor(String name, long[] shape, float... values) {
        return new Tensor(name, shape, FloatBuffer.wrap(values));
    }

    static float[] floats(Tensor tensor) {
        float[] values = new float[(int) tensor.elements()];
        tensor.data().get(values);
        return values;
    }
}
