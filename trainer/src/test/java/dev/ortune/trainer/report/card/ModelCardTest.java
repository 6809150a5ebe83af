package dev.ortune.trainer.report.card;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ortune.trainer.report.WrittenRun;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.statistics.ClassScores;
import dev.ortune.trainer.report.statistics.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    @TempDir
    private Path folder;

    @Test
    void theFrontMatterIsWhatAHubReads() throws IOException {
        WrittenRun.complete(folder, 42, WrittenRun.TWO);
        Run run = Run.read(folder, "no");
        ClassScores scores = (ClassScores) Scores.of(run.test());
        JsonNode yaml = frontMatter(new ModelCard(run, scores).markdown());
        assertThat(yaml.get("language").textValue()).isEqualTo("en");
        assertThat(yaml.get("license").textValue()).isEqualTo("apache-2.0");
        assertThat(yaml.get("base_model").textValue()).isEqualTo("sentence-transformers/all-MiniLM-L6-v2");
        assertThat(yaml.get("library_name").textValue()).isEqualTo("transformers");
        assertThat(yaml.get("pipeline_tag").textValue()).isEqualTo("text-classification");
        assertThat(yaml.get("datasets").toString()).isEqualTo("[\"train\",\"test\"]");
        assertThat(yaml.get("metrics").toString()).isEqualTo("[\"accuracy\",\"f1\",\"matthews_correlation\"]");
        JsonNode index = yaml.get("model-index").get(0);
        assertThat(index.get("name").textValue())
                .as("a string, not YAML's false")
                .isEqualTo("no");
        JsonNode result = index.get("results").get(0);
        assertThat(result.at("/task/type").textValue()).isEqualTo("text-classification");
        assertThat(result.at("/dataset/type").textValue()).isEqualTo("test");
        assertThat(result.at("/dataset/name").textValue()).isEqualTo("test.tsv");
        assertThat(result.at("/metrics/2/type").textValue()).isEqualTo("matthews_correlation");
        assertThat(result.at("/metrics/2/value").doubleValue())
                .isEqualTo(Math.rint(1e4 * scores.metrics().mcc()) / 1e4);
    }

    @Test
    void nothingIsInvented() throws IOException {
        new WrittenRun(folder, 1).write("training_args.json", "{\"pretrained\": \"models/mine\"}");
        String card = new ModelCard(Run.read(folder, "x"), null).markdown();
        JsonNode yaml = frontMatter(card);
        assertThat(yaml.properties().stream().map(field -> field.getKey()))
                .containsExactly("library_name", "pipeline_tag", "tags");
        assertThat(card)
                .contains("did not get to its end", "It was not measured.")
                .doesNotContain("null", "NaN");
    }

    @Test
    void aModelOfAHubIsNamedAsThere() throws IOException {
        new WrittenRun(folder, 1)
                .write(
                        "training_args.json",
                        "{\"pretrained_source\": {\"source\": \"https://hub.example/some-one/tiny.bert\"}}");
        assertThat(frontMatter(new ModelCard(Run.read(folder, "x"), null).markdown())
                        .get("base_model")
                        .textValue())
                .isEqualTo("some-one/tiny.bert");
        new WrittenRun(folder, 1)
                .write("training_args.json", "{\"pretrained_source\": {\"source\": \"Google's BERT-Base, Uncased\"}}");
        assertThat(frontMatter(new ModelCard(Run.read(folder, "x"), null).markdown())
                        .has("base_model"))
                .isFalse();
    }

    @Test
    void namesCannotBreakTheMarkdown() {
        new WrittenRun(folder, 1)
                .write(
                        "training_args.json",
                        "{\"data\": {\"test\": {\"file\": \"a|b <script> `x` [y].tsv\", \"examples\": 3}}}");
        assertThat(new ModelCard(Run.read(folder, "x"), null).markdown())
                .contains("| test | a\\|b &lt;script> \\`x\\` \\[y\\].tsv | 3 |");
    }

    @Test
    void aCardThatSomebodyEditedStays() throws IOException {
        Path card = folder.resolve("README.md");
        assertThat(CardFile.write(card, "# One\n")).isTrue();
        assertThat(CardFile.write(card, "# Two\n")).isTrue();
        assertThat(card).content().startsWith("# Two\n");
        Files.writeString(card, Files.readString(card).replace("Two", "Mine"));
        assertThat(CardFile.write(card, "# Three\n")).isFalse();
        assertThat(card).content().startsWith("# Mine\n");
        Files.writeString(card, "# All mine\n");
        assertThat(CardFile.write(card, "# Three\n")).isFalse();
    }

    private static JsonNode frontMatter(String card) throws IOException {
        assertThat(card).startsWith("---\n");
        return YAML.readTree(card.substring(4, card.indexOf("\n---\n", 4) + 1));
    }
}
