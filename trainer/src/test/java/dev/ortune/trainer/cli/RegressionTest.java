package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training, measuring and reporting on texts with a number each, from the command line. */
class RegressionTest {
    @TempDir
    private static Path folder;

    private static Path tiny;
    private static Path train;
    private static Path model;
    private static Cli cli;

    @BeforeAll
    static void train() throws IOException {
        tiny = TinyModel.write(folder.resolve("tiny"));
        train = TinyData.scores(folder.resolve("train.tsv"), 240);
        model = folder.resolve("models/scores");
        cli = run("--out=" + model, "--test=" + TinyData.scores(folder.resolve("test.tsv"), 60));
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).isZero();
    }

    private static Cli run(String... options) {
        Object[] all = new Object[options.length + 7];
        all[0] = "train";
        all[1] = "--pretrained=" + tiny;
        all[2] = "--train=" + train;
        all[3] = "--batch-size=8";
        all[4] = "--lr=3e-3";
        all[5] = "--threads=1";
        all[6] = "--epochs=4";
        System.arraycopy(options, 0, all, 7, options.length);
        return Cli.run(all);
    }

    @Test
    void decimalsTellTheTaskAndThatIsSaid() {
        assertThat(cli.out())
                .contains("Note        " + train + " holds texts with a number each, so the task is regression;"
                        + " --task text-classification takes the numbers for classes")
                .containsPattern("epoch +step +train loss +val. loss +Pearson +Spearman +RMSE")
                .containsPattern("Pearson +0\\.\\d{4}\n")
                .doesNotContain("MCC", "accuracy");
    }

    @Test
    void theConfigurationIsTransformers() {
        JsonNode config = JsonFile.readObject(model.resolve("config.json"));
        assertThat(config.path("problem_type").asText()).isEqualTo("regression");
        assertThat(config.path("id2label").toString()).isEqualTo("{\"0\":\"LABEL_0\"}");
        JsonNode arguments = JsonFile.readObject(model.resolve("training_args.json"));
        assertThat(arguments.path("task").asText()).isEqualTo("regression");
        assertThat(arguments.path("metric_for_best_model").asText()).isEqualTo("pearson");
    }

    @Test
    void itLearnsAndTheBestCheckpointIsKept() throws IOException {
        List<String> lines = Files.readAllLines(model.resolve("metrics.jsonl"));
        double best = lines.stream()
                .filter(line -> line.contains("eval_pearson"))
                .mapToDouble(line -> json(line).path("eval_pearson").asDouble())
                .max()
                .orElseThrow();
        JsonNode kept = lines.stream()
                .filter(line -> line.contains("\"best\":true"))
                .map(RegressionTest::json)
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(kept.path("eval_pearson").asDouble()).isEqualTo(best);
        assertThat(best).isGreaterThan(0.3);
        assertThat(kept.path("eval_rmse").asDouble())
                .isCloseTo(Math.sqrt(kept.path("eval_loss").asDouble()), within(1e-12));
        assertThat(json(lines.get(lines.size() - 1)).has("test_spearman")).isTrue();
    }

    @Test
    void predictionsAreNumbersBesideTheirLabels() throws IOException {
        List<String> lines = Files.readAllLines(model.resolve("predictions_test.tsv"));
        assertThat(lines).hasSize(61);
        assertThat(lines.get(0)).isEqualTo("sentence\tpair\tprediction\tlabel\ttokens");
        assertThat(lines.get(1)).matches(".*\t-?\\d+\\.\\d{6}\t\\d\\.25\t13");
    }

    @Test
    void evaluateSaysTheSame() throws IOException {
        JsonNode end = json(Files.readAllLines(model.resolve("metrics.jsonl")).stream()
                .reduce((earlier, later) -> later)
                .orElseThrow());
        Cli measured = Cli.run("evaluate", model, "--data=" + folder.resolve("test.tsv"), "--json", "--threads=1");
        assertThat(measured.err()).isEmpty();
        assertThat(json(measured.out()).path("pearson").asDouble())
                .isCloseTo(end.path("test_pearson").asDouble(), within(1e-6));
        assertThat(json(measured.out()).path("loss").asDouble())
                .isCloseTo(end.path("test_loss").asDouble(), within(1e-6));
        assertThat(Cli.run("evaluate", model, "--data=" + folder.resolve("test.tsv"))
                        .out())
                .contains("\nPearson    0.", "\nSpearman   0.", "\nRMSE       ");
    }

    @Test
    void anExportedFileIsMeasuredLikeTheFolder() throws IOException {
        TinyExport.write(model);
        Object[] measure = {"evaluate", model, "--data=" + folder.resolve("test.tsv"), "--json", "--threads=1"};
        JsonNode whole = json(Cli.run(measure).out());
        Object[] measureFile = Arrays.copyOf(measure, measure.length + 1);
        measureFile[measure.length] = "--exported=onnx/model.onnx";
        Cli measured = Cli.run(measureFile);
        assertThat(measured.err()).isEmpty();
        for (String metric : List.of("pearson", "spearman", "rmse", "loss")) {
            assertThat(json(measured.out()).path(metric).asDouble())
                    .as(metric)
                    .isCloseTo(whole.path(metric).asDouble(), within(1e-6));
        }
        measureFile[measure.length] = "--exported=onnx/none.onnx";
        assertThat(Cli.run(measureFile).err()).contains("none.onnx: no such file; \"ortune export\" writes such files");
    }

    @Test
    void reportAndCardShowNumbers() throws IOException {
        String page = Files.readString(model.resolve("report.html"));
        assertThat(page)
                .contains("Pearson, test set", "Farthest off", "Residuals, test set")
                .doesNotContain("{{", "MCC");
        assertThat(model.resolve("scatter.png")).isNotEmptyFile();
        assertThat(Files.readString(model.resolve("README.md")))
                .contains("pipeline_tag: text-classification\n", "type: pearsonr\n", "A regression model for texts")
                .contains("pipeline(\"text-classification\", \"models/scores\")")
                .doesNotContain("MCC", "{{");
        Path page2 = folder.resolve("two.html");
        assertThat(Cli.run("report", model, TinyData.copy(model, folder.resolve("copy")), "--out=" + page2)
                        .err())
                .isEmpty();
        assertThat(Files.readString(page2))
                .contains("a difference in Pearson counts")
                .doesNotContain("{{");
    }

    @Test
    void whatDoesNotFitIsRefusedInOneLine() throws IOException {
        assertRefused("train.tsv, line 3: \"high\" is no number", "high");
        assertRefused("train.tsv, line 3: the number is missing", "");
        assertRefused("every row has the same number", "1.5");
        assertThat(run("--out=" + folder.resolve("x"), "--task=regression", "--class-weights=balanced")
                        .err())
                .contains("--class-weights is for labels that exclude each other, which regression has not");
        assertThat(run("--out=" + folder.resolve("x"), "--task=regression", "--metric=mcc")
                        .err())
                .contains("--metric mcc is not measured here; pearson, spearman, rmse, loss are");
        assertThat(run("--out=" + folder.resolve("x"), "--task=text-classification")
                        .err())
                .contains("is a number as scores are, which --task regression learns");
        assertThat(run("--out=" + folder.resolve("x"), "--label-names=a,b", "--task=regression")
                        .err())
                .contains("has one name and not 2: a, b");
    }

    private static void assertRefused(String message, String second) throws IOException {
        Path file = folder.resolve("bad/train.tsv");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "sentence\tscore\na\t1.5\nb\t" + second + "\n");
        Cli failed = Cli.run(
                "train",
                "--task=regression",
                "--pretrained=" + tiny,
                "--train=" + file,
                "--out=" + folder.resolve("x"));
        assertThat(failed.err()).contains(message).doesNotContain("\tat ");
        assertThat(failed.exit()).isEqualTo(1);
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }
}
