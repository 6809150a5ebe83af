package dev.ortune.trainer.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is drawn, against SciPy and against counts. */
class DistributionTest {
    @TempDir
    private Path folder;

    private Distribution of(String yaml) throws IOException {
        return Distribution.of(YamlNode.read(Files.writeString(folder.resolve("x.yaml"), yaml)));
    }

    @Test
    void rangesAreThoseOfSciPy() throws IOException {
        JsonNode golden = JsonFile.readObject(Path.of("src/test/resources/golden/sweep/expected.json"));
        for (JsonNode each : golden.path("ranges")) {
            String ends = "[" + each.path("low") + ", " + each.path("high") + "]";
            Distribution.Range uniform = (Distribution.Range) of("{uniform: " + ends + "}");
            Distribution.Range logarithmic = (Distribution.Range) of("{log-uniform: " + ends + "}");
            for (int i = 0; i < golden.path("shares").size(); i++) {
                double share = golden.path("shares").path(i).asDouble();
                double expected = each.path("uniform").path(i).asDouble();
                assertThat(uniform.at(share)).isCloseTo(expected, within(1e-12 * expected));
                double second = each.path("log_uniform").path(i).asDouble();
                assertThat(logarithmic.at(share)).isCloseTo(second, within(1e-12 * second));
            }
        }
    }

    @Test
    void wholeNumbersHaveEqualRoomAndStayInRange() throws IOException {
        Distribution range = of("{uniform: [3, 6]}");
        Random random = new Random(1);
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 4000; i++) {
            counts.merge(range.draw(random, true).get(0), 1, Integer::sum);
        }
        assertThat(counts).containsOnlyKeys("3", "4", "5", "6");
        // Four standard deviations of a count around a quarter.
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(1000 - 110, 1000 + 110));
    }

    @Test
    void numbersAreWrittenToBeRead() throws IOException {
        Random random = new Random(7);
        Distribution rates = of("{log-uniform: [1e-6, 1]}");
        for (int i = 0; i < 200; i++) {
            String text = rates.draw(random, false).get(0);
            assertThat(text).matches("(\\d(\\.\\d{1,3})?e-\\d|0\\.\\d{1,7}|1)");
            assertThat(Double.parseDouble(text)).isBetween(1e-6, 1.0);
        }
    }
}
