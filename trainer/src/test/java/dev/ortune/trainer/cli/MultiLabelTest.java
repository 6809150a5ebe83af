package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training, measuring and reporting on texts with any number of labels each, from the command line. */
class MultiLabelTest {
    @TempDir
    private static Path folder;

    private static Path tiny;
    private static Path train;
    private static Path model;
    private static Cli cli;

    @BeforeAll
    static void train() throws IOException {
        tiny = TinyModel.write(folder.resolve("tiny"));
        train = TinyData.labelSets(folder.resolve("train.jsonl"), 240);
        model = folder.resolve("models/sets");
        cli = run(train, model, "--test=" + TinyData.labelSets(folder.resolve("test.jsonl"), 60), "--epochs=8");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).isZero();
    }

    private static Cli run(Path train, Path out, String... options) {
        List<Object> all = new ArrayList<>(List.of(
                "train", "--pretrained=" + tiny, "--train=" + train, "--out=" + out, "--batch-size=8", "--lr=3e-3"));
        all.addAll(List.of(options));
        all.add("--threads=1");
        return Cli.run(all.toArray());
    }

    @Test
    void listsTellTheTaskAndThatIsSaid() {
        assertThat(cli.out())
                .contains("Note        " + train + " holds texts with several labels each, so the task is multi-label")
                .contains("Labels      cat, dog, runs, sleeps")
                .containsPattern("epoch +step +train loss +val. loss +micro F1 +macro F1 +exact match +ranking AP")
                .doesNotContain("MCC", "accuracy");
    }

    @Test
    void theConfigurationIsTransformersWithAThresholdALabel() {
        JsonNode config = JsonFile.readObject(model.resolve("config.json"));
        assertThat(config.path("problem_type").asText()).isEqualTo("multi_label_classification");
        assertThat(config.path("thresholds").properties()).hasSize(4).allSatisfy(threshold -> assertThat(
                        threshold.getValue().asDouble())
                .isBetween(0.0, 1.0));
        JsonNode arguments = JsonFile.readObject(model.resolve("training_args.json"));
        assertThat(arguments.path("task").asText()).isEqualTo("multi-label");
        assertThat(arguments.path("positive_weights").asText()).isEqualTo("equal");
        assertThat(arguments.path("metric_for_best_model").asText()).isEqualTo("f1_micro");
    }

    @Test
    void itLearnsWhichWordsAreThere() throws IOException {
        assertThat(end().path("test_f1_micro").asDouble()).isGreaterThan(0.9);
        assertThat(end().path("test_label_scores").path("cat").path("number").asInt())
                .isPositive();
    }

    @Test
    void evaluateGivesLabelsFromTheirThresholdsOn() throws IOException {
        Cli measured = Cli.run("evaluate", model, "--data=" + folder.resolve("test.jsonl"), "--json", "--threads=1");
        assertThat(measured.err()).isEmpty();
        JsonNode json = json(measured.out());
        for (String metric : List.of("f1_micro", "f1_macro", "exact_match", "ranking_ap", "loss")) {
            assertThat(json.path(metric).asDouble())
                    .as(metric)
                    .isCloseTo(end().path("test_" + metric).asDouble(), within(1e-6));
        }
        JsonNode thresholds = JsonFile.readObject(model.resolve("config.json")).path("thresholds");
        assertThat(json.path("label_scores").path("dog").path("threshold").asDouble())
                .isEqualTo(thresholds.path("dog").asDouble());
        assertThat(Cli.run("evaluate", model, "--data=" + folder.resolve("test.jsonl"))
                        .out())
                .contains("Labels, each given from its threshold on:", "exact match 0.", "  cat ");
    }

    @Test
    void anExportedFileIsMeasuredByTheSameThresholds() throws IOException {
        TinyExport.write(model);
        Path test = folder.resolve("test.jsonl");
        JsonNode whole = json(Cli.run("evaluate", model, "--data=" + test, "--json", "--threads=1")
                .out());
        Cli measured =
                Cli.run("evaluate", model, "--data=" + test, "--json", "--threads=1", "--exported=onnx/model.onnx");
        assertThat(measured.err()).isEmpty();
        assertThat(json(measured.out()).path("label_scores")).isEqualTo(whole.path("label_scores"));
        assertThat(json(measured.out()).path("loss").asDouble())
                .isCloseTo(whole.path("loss").asDouble(), within(1e-6));
    }

    @Test
    void predictionsHaveTheLabelsThatAreGiven() throws IOException {
        List<String> lines = Files.readAllLines(model.resolve("predictions_test.tsv"));
        assertThat(lines.get(0))
                .isEqualTo("sentence\tlogit_cat\tlogit_dog\tlogit_runs\tlogit_sleeps\tprobability_cat\tprobability_dog"
                        + "\tprobability_runs\tprobability_sleeps\tprediction\tlabel\tlabel_cat\tlabel_dog\tlabel_runs"
                        + "\tlabel_sleeps\ttokens");
        assertThat(lines)
                .anyMatch(line -> line.startsWith("the cat dog\t") && line.contains("\tcat,dog\t1\t1\t0\t0\t"));
        assertThat(lines).hasSize(61);
    }

    @Test
    void reportAndCardHaveATableOfLabels() throws IOException {
        assertThat(Files.readString(model.resolve("report.html")))
                .contains("Micro F1, test set", "Labels, test set", "Labels, validation set", "<th>sleeps</th>")
                .doesNotContain("{{", "MCC");
        assertThat(Files.readString(model.resolve("README.md")))
                .contains("| exact match |", "| F1 of sleeps |", "A label is given from its threshold on", "top_k=None")
                .doesNotContain("MCC", "{{");
        Path two = folder.resolve("two.html");
        assertThat(Cli.run("report", model, TinyData.copy(model, folder.resolve("copy")), "--out=" + two)
                        .err())
                .isEmpty();
        assertThat(Files.readString(two))
                .contains("a difference in micro F1 counts")
                .doesNotContain("{{");
    }

    /** Names in one column and a column a label are the same as lists in JSON. */
    @Test
    void allFormsOfAFileAreTheSameSet() throws IOException {
        StringBuilder separated = new StringBuilder("text\tlabels\n");
        StringBuilder columns = new StringBuilder("text,cat,dog,runs,sleeps\n");
        for (String line : Files.readAllLines(folder.resolve("test.jsonl"))) {
            JsonNode row = json(line);
            List<String> labels =
                    row.path("labels").valueStream().map(JsonNode::asText).toList();
            separated
                    .append(row.path("text").asText())
                    .append('\t')
                    .append(String.join("; ", labels))
                    .append('\n');
            columns.append(row.path("text").asText());
            for (String name : List.of("cat", "dog", "runs", "sleeps")) {
                columns.append(',').append(labels.contains(name) ? 1 : 0);
            }
            columns.append('\n');
        }
        Path tsv = Files.writeString(folder.resolve("test.tsv"), separated);
        Path csv = Files.writeString(folder.resolve("test.csv"), columns);
        String expected = Cli.run("evaluate", model, "--data=" + folder.resolve("test.jsonl"), "--json")
                .out();
        Cli names = Cli.run("evaluate", model, "--data=" + tsv, "--label-separator=;", "--json");
        assertThat(names.out()).as(names.err()).isEqualTo(expected);
        Cli each = Cli.run("evaluate", model, "--data=" + csv, "--label-columns=dog,cat,sleeps,runs", "--json");
        assertThat(each.out()).as(each.err()).isEqualTo(expected);
        Cli trained = run(
                csv,
                folder.resolve("models/columns"),
                "--label-columns=cat,dog,runs,sleeps",
                "--positive-weights=auto",
                "--epochs=1");
        assertThat(trained.err()).isEmpty();
        assertThat(JsonFile.readObject(folder.resolve("models/columns/training_args.json"))
                        .at("/data/label_columns")
                        .toString())
                .isEqualTo("[\"cat\",\"dog\",\"runs\",\"sleeps\"]");
        assertThat(Files.readString(folder.resolve("models/columns/README.md")))
                .contains("--task multi-label", "--label-columns cat,dog,runs,sleeps", "--positive-weights auto");
    }

    @Test
    void whatDoesNotFitIsRefusedInOneLine() throws IOException {
        assertRefused("no row has a label", "{\"text\":\"a\",\"labels\":[]}\n");
        assertRefused(
                "every row has the same labels",
                "{\"text\":\"a\",\"labels\":[\"x\"]}\n{\"text\":\"b\",\"labels\":[\"x\"]}\n");
        assertRefused(
                "line 2: \"labels\" holds more than a list of labels",
                "{\"text\":\"a\",\"labels\":[\"x\"]}\n{\"text\":\"b\",\"labels\":[[1]]}\n");
        assertRefused(
                "line 2: several labels a text are read from lists in JSON",
                "{\"text\":\"a\",\"labels\":[\"x\"]}\n{\"text\":\"b\",\"labels\":\"x\"}\n");
        assertRefused(
                "--positive-weights gives 1 weights for 2 labels (x, y)",
                "{\"text\":\"a\",\"labels\":[\"x\"]}\n{\"text\":\"b\",\"labels\":[\"y\"]}\n",
                "--positive-weights=2",
                "--validation-split=0");
        assertRefused(
                "--positive-weights auto needs texts with and without every label, but each of",
                "{\"text\":\"a\",\"labels\":[\"x\"]}\n{\"text\":\"b\",\"labels\":[\"x\",\"y\"]}\n",
                "--positive-weights=auto",
                "--validation-split=0");
        assertRefused(
                "holds texts with several labels each, which is multi-label, but --task says text-classification",
                "{\"text\":\"a\",\"labels\":[\"x\"]}\n",
                "--task=text-classification");
        Path csv = Files.writeString(folder.resolve("bad.csv"), "text,x,y\na,0,1\nb,2,0\n");
        assertThat(run(csv, folder.resolve("out"), "--label-columns=x,y").err())
                .contains("bad.csv, line 3: the column x of --label-columns must hold 0 or 1, not \"2\"");
        assertThat(run(csv, folder.resolve("out"), "--label-columns=x,z").err())
                .contains("--label-columns z is not there; the columns are text, x, y");
        assertThat(run(csv, folder.resolve("out"), "--label-columns=x,y", "--label-separator=;")
                        .err())
                .contains("--label-columns and --label-separator exclude each other");
        Files.writeString(csv, "text,x,y\na,0,1\n");
        assertThat(Cli.run("evaluate", model, "--data=" + csv, "--label-columns=x,y")
                        .err())
                .contains("--label-columns gives 2 columns for 4 labels: cat, dog, runs, sleeps");
    }

    private static void assertRefused(String message, String content, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.jsonl"), content);
        List<String> all = new ArrayList<>(List.of(options));
        if (all.stream().noneMatch(option -> option.startsWith("--task") || option.startsWith("--positive"))) {
            all.add("--task=multi-label");
        }
        Cli failed = run(file, folder.resolve("out"), all.toArray(String[]::new));
        assertThat(failed.err()).contains(message).doesNotContain("\tat ").hasLineCount(1);
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private static JsonNode end() throws IOException {
        return Files.readAllLines(model.resolve("metrics.jsonl")).stream()
                .reduce((earlier, later) -> later)
                .map(MultiLabelTest::json)
                .orElseThrow();
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }
}
