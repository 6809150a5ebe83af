package dev.ortune.trainer.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactProductsTest {
    @TempDir
    private Path folder;

    /** Trainer, exporter and predictor ask for them on the same processors. */
    @Test
    void processorsThatMayOverflowAreThoseOfTheVectors() throws IOException {
        JsonNode cases = new ObjectMapper()
                .readTree(Path.of("../vectors/processors.json").toFile());
        assertThat(cases).isNotEmpty();
        for (JsonNode each : cases) {
            Path cpuinfo = folder.resolve("cpuinfo");
            Files.deleteIfExists(cpuinfo);
            if (each.has("cpuinfo")) {
                Files.writeString(cpuinfo, each.path("cpuinfo").asText());
            }
            assertThat(ExactProducts.mayOverflow(
                            cpuinfo, each.path("architecture").asText()))
                    .as(each.toString())
                    .isEqualTo(each.path("may_overflow").asBoolean());
        }
    }
}
