package dev.ortune.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesAnExistingFileAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("deep/er/a.txt");
        AtomicFile.write(file, new byte[] {1});
        AtomicFile.write(file, new byte[] {2, 3});
        assertThat(Files.readAllBytes(file)).containsExactly(2, 3);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void keepsTheOldFileWhenWritingFails() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFile.write(file, new byte[] {1});
        assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
                    AtomicFile.writeFully(channel, ByteBuffer.wrap(new byte[] {9, 9}));
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(file + ": cannot be written (No space left on device)");
        assertThat(Files.readAllBytes(file)).containsExactly(1);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void namesTheFileWhenAFolderIsInTheWay() throws IOException {
        Path file = Files.createDirectories(folder.resolve("a.txt/inner")).getParent();
        assertThatThrownBy(() -> AtomicFile.write(file, new byte[] {1}))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining(file + ": cannot be written");
        assertThat(file.resolve("inner")).isDirectory();
    }
}
