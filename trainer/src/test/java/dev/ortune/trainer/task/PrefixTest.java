package dev.ortune.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What stands before texts is the same in all modules: vectors/prefixes.json. */
class PrefixTest {
    @Test
    void isWhatAllModulesPutBeforeTexts() throws IOException {
        JsonNode cases = new ObjectMapper().readTree(Files.readString(Path.of("../vectors/prefixes.json")));
        assertThat(cases).isNotEmpty();
        for (JsonNode each : cases) {
            String pair = each.path("pair").textValue();
            var read = new Prefix(
                            each.path("prefix").textValue(),
                            each.path("pair_prefix").textValue())
                    .before(each.path("text").textValue(), pair);
            assertThat(Arrays.asList(read.get(0), read.size() == 2 ? read.get(1) : null))
                    .as(each.toString())
                    .containsExactly(
                            each.path("expected").path(0).textValue(),
                            each.path("expected").path(1).textValue());
        }
    }
}
