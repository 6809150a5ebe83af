package dev.ortune.predictor.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.TextInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands before texts is the same in all modules: vectors/prefixes.json. */
class PrefixTest {
    @Test
    void isWhatAllModulesPutBeforeTexts() throws IOException {
        JsonNode cases = new ObjectMapper().readTree(Files.readString(Path.of("../vectors/prefixes.json")));
        assertThat(cases).isNotEmpty();
        for (JsonNode each : cases) {
            String pair = each.path("pair").textValue();
            TextInput read = new Prefix(
                            each.path("prefix").textValue(),
                            each.path("pair_prefix").textValue())
                    .before(new TextInput(each.path("text").textValue(), pair));
            assertThat(Arrays.asList(read.text(), read.pair()))
                    .as(each.toString())
                    .containsExactly(
                            each.path("expected").path(0).textValue(),
                            each.path("expected").path(1).textValue());
        }
    }

    @Test
    void isReadOfModelsThatWrite(@TempDir Path folder) throws IOException {
        assertThat(Prefix.read(folder).first()).isEmpty();
        String config = "{\"architectures\": [\"T5For%s\"], \"prefix\": \"cola sentence: \"}";
        Files.writeString(folder.resolve("config.json"), config.formatted("ConditionalGeneration"));
        assertThat(Prefix.read(folder)).isEqualTo(new Prefix("cola sentence: ", ""));
        Files.writeString(folder.resolve("config.json"), config.formatted("SequenceClassification"));
        assertThat(Prefix.read(folder).first()).isEmpty();
    }
}
