package dev.ortune.trainer.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    private Path folder;

    @Test
    void whatWasWrittenIsRead() {
        Path file = write();
        Weights read = CheckpointReader.read(file);
        assertThat(read.all()).extracting(Tensor::name).containsExactly("a.weight", "b.bias");
        assertThat(read.get("a.weight").shape()).containsExactly(2, 3);
        assertThat(read.get("a.weight").data()).isEqualTo(FloatBuffer.wrap(new float[] {1, 2, 3, 4, 5, 6}));
        assertThat(read.get("b.bias").data()).isEqualTo(FloatBuffer.wrap(new float[] {-1}));
    }

    @Test
    void dataInASecondFileAreRead() throws IOException {
        Path file = folder.resolve("split");
        Checkpoint.write(file, weights(), 27);
        assertThat(Files.size(folder.resolve("split.data"))).isEqualTo(28);
        assertThat(CheckpointReader.read(file).get("a.weight").data())
                .isEqualTo(FloatBuffer.wrap(new float[] {1, 2, 3, 4, 5, 6}));
        assertThat(CheckpointReader.read(file).get("b.bias").data()).isEqualTo(FloatBuffer.wrap(new float[] {-1}));
    }

    @Test
    void aSecondFileThatIsMissingOrShorterIsRefused() throws IOException {
        Path file = folder.resolve("split");
        Checkpoint.write(file, weights(), 0);
        Path data = folder.resolve("split.data");
        Files.write(data, Arrays.copyOf(Files.readAllBytes(data), 27));
        assertThatThrownBy(() -> CheckpointReader.requireWhole(file))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("b.bias lies outside the file");
        Files.delete(data);
        assertThatThrownBy(() -> CheckpointReader.read(file)).hasMessage(data + ": cannot be read (no such file)");
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "this is not a checkpoint");
        assertThatThrownBy(() -> CheckpointReader.read(file))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(file + ": not a checkpoint of ONNX Runtime Training");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("empty"));
        assertThatThrownBy(() -> CheckpointReader.read(file)).hasMessageContaining("not a checkpoint");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> CheckpointReader.read(folder.resolve("none")))
                .hasMessageContaining("none")
                .hasMessageContaining("cannot be read");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write());
        Path file = folder.resolve("truncated");
        for (int length = 0; length < whole.length - 8; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> CheckpointReader.read(file))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(OrtuneException.class);
        }
    }

    /** Wherever a number of 8 bytes stands, among them the dimensions, whose product no long may hold. */
    @Test
    void numbersThatAreTooLargeAreRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write());
        Path file = folder.resolve("large");
        List<String> refusals = new ArrayList<>();
        for (int at = 0; at + 8 <= whole.length; at += 4) {
            byte[] broken = whole.clone();
            ByteBuffer.wrap(broken).order(ByteOrder.LITTLE_ENDIAN).putLong(at, Long.MAX_VALUE / 2);
            Files.write(file, broken);
            for (Consumer<Path> reader :
                    List.<Consumer<Path>>of(CheckpointReader::read, CheckpointReader::requireWhole)) {
                try {
                    reader.accept(file);
                } catch (OrtuneException e) {
                    refusals.add(e.getMessage());
                }
            }
        }
        assertThat(refusals).anyMatch(message -> message.contains("long overflow"));
    }

    private Path write() {
        Path file = folder.resolve("checkpoint");
        Checkpoint.write(file, weights());
        return file;
    }

    private static Weights weights() {
        return new Weights(
                "test",
                List.of(
                        new Tensor("a.weight", new long[] {2, 3}, FloatBuffer.wrap(new float[] {1, 2, 3, 4, 5, 6})),
                        new Tensor("b.bias", new long[] {1}, FloatBuffer.wrap(new float[] {-1}))));
    }
}
