package dev.ortune.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardwareTest {
    @TempDir
    private Path folder;

    @Test
    void theProcessorHasAName() throws IOException {
        Path cpuinfo = folder.resolve("cpuinfo");
        Files.writeString(cpuinfo, "processor : 0\nmodel name\t: Abacus 9000 @ 1 Hz\nmodel name\t: other\n");
        assertThat(Hardware.cpu(cpuinfo, "abacus")).isEqualTo("Abacus 9000 @ 1 Hz");
        assertThat(Hardware.cpu(folder.resolve("none"), "abacus")).isEqualTo("abacus");
        assertThat(Hardware.current().cores()).isPositive();
    }
}
