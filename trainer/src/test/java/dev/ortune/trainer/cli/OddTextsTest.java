package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ortune.trainer.JsonFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on texts of which hardly one is a sentence. */
class OddTextsTest {
    /** Halves of surrogate pairs can be written down as escapes only. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @TempDir
    private Path folder;

    @Test
    void failNoRun() throws IOException, URISyntaxException {
        Path golden = Path.of(
                getClass().getResource("/golden/tokens/uncased/texts.json").toURI());
        JsonNode cases = JsonFile.readObject(golden).path("cases");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < cases.size(); i++) {
            JsonNode text = cases.get(i);
            String whole =
                    text.path("text").textValue().repeat(text.path("repeat").intValue());
            lines.append(JSON.writeValueAsString(Map.of("text", whole, "label", i % 2)))
                    .append('\n');
        }
        Path odd = folder.resolve("odd.jsonl");
        Files.writeString(odd, lines);
        TinyRun run = TinyRun.in(folder, "--epochs=1");

        Cli trained = run.train("odd", "--train=" + odd, "--test=" + odd);

        assertThat(trained.err()).isEmpty();
        assertThat(trained.exit()).isZero();
        Path predictions = run.model("odd").resolve("predictions_test.tsv");
        assertThat(predictions).content().startsWith("sentence\t");
        assertThat(Files.readAllLines(predictions)).hasSize(1 + cases.size());
        Cli evaluated = Cli.run("evaluate", run.model("odd"), "--data=" + predictions);
        assertThat(evaluated.err()).isEmpty();
        assertThat(evaluated.exit()).isZero();
    }
}
