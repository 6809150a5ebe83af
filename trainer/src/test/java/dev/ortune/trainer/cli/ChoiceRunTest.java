package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.JsonFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training, measuring and reporting on choices, from the command line. */
class ChoiceRunTest {
    @TempDir
    private static Path folder;

    private static Path tiny;
    private static Path train;
    private static Path model;
    private static Cli cli;

    @BeforeAll
    static void train() throws IOException {
        tiny = TinyModel.write(folder.resolve("tiny"));
        train = TinyData.choices(folder.resolve("train.csv"), 240, 1);
        model = folder.resolve("models/choices");
        cli = run("--out=" + model, "--test=" + TinyData.choices(folder.resolve("test.csv"), 60, 2));
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).isZero();
    }

    /** An option that is given again stands in the place of the first. */
    private static Cli run(String... options) {
        List<String> all = new ArrayList<>(List.of(
                "train",
                "--pretrained=" + tiny,
                "--train=" + train,
                "--batch-size=8",
                "--lr=3e-3",
                "--threads=1",
                "--epochs=6"));
        for (String option : options) {
            all.removeIf(earlier -> earlier.startsWith(option.replaceFirst("=.*", "=")));
            all.add(option);
        }
        return Cli.run(all.toArray());
    }

    @Test
    void theColumnsTellTheTaskAndThatIsSaid() {
        assertThat(cli.out())
                .contains(
                        "Note        " + train + " holds choices of which one is right, so the task is multiple-choice")
                .containsPattern(
                        "Train +\\S+train.csv \\(train\\): 216 questions with \\d+ choices of \\d+\\.\\d tokens")
                .contains("Steps       162 in 6 epochs")
                .containsPattern("epoch +step +train loss +val. loss +accuracy")
                .containsPattern("accuracy +0\\.\\d{4}\n|accuracy +1\\.0000\n")
                .doesNotContain("MCC", "Labels");
    }

    @Test
    void theModelSaysWhatItIs() {
        JsonNode config = JsonFile.readObject(model.resolve("config.json"));
        assertThat(config.path("architectures").toString()).isEqualTo("[\"BertForMultipleChoice\"]");
        assertThat(config.has("id2label")).isFalse();
        assertThat(config.has("problem_type")).isFalse();
        JsonNode arguments = JsonFile.readObject(model.resolve("training_args.json"));
        assertThat(arguments.path("task").asText()).isEqualTo("multiple-choice");
        assertThat(arguments.path("metric_for_best_model").asText()).isEqualTo("accuracy");
    }

    /** The first sentence's animal is in the right ending. */
    @Test
    void itLearns() throws IOException {
        JsonNode end = json(last(Files.readAllLines(model.resolve("metrics.jsonl"))));
        assertThat(end.path("test_accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(end.path("test_correct").asInt())
                .isEqualTo(Math.toIntExact(
                        Math.round(60 * end.path("test_accuracy").asDouble())));
        assertThat(end.path("test_chance").asDouble()).isBetween(0.25, 0.5);
    }

    @Test
    void predictionsHaveAllChoices() throws IOException {
        List<String> lines = Files.readAllLines(model.resolve("predictions_test.tsv"));
        assertThat(lines).hasSize(61);
        assertThat(lines.get(0))
                .isEqualTo("sentence\tpair\tchoice_0\tchoice_1\tchoice_2\tchoice_3\tlogit_0\tlogit_1\tlogit_2\tlogit_3"
                        + "\tprobability_0\tprobability_1\tprobability_2\tprobability_3\tprediction\tlabel\ttokens");
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            double sum = 0;
            int choices = 0;
            for (int i = 0; i < 4; i++) {
                assertThat(cells[2 + i].isEmpty())
                        .isEqualTo(cells[6 + i].isEmpty())
                        .isEqualTo(cells[10 + i].isEmpty());
                sum += cells[10 + i].isEmpty() ? 0 : Double.parseDouble(cells[10 + i]);
                choices += cells[2 + i].isEmpty() ? 0 : 1;
            }
            assertThat(sum).isCloseTo(1, within(5e-6));
            assertThat(Integer.parseInt(cells[14])).isBetween(0, choices - 1);
        }
    }

    @Test
    void evaluateSaysTheSame() throws IOException {
        JsonNode end = json(last(Files.readAllLines(model.resolve("metrics.jsonl"))));
        Path said = folder.resolve("said.tsv");
        Cli measured = Cli.run(
                "evaluate",
                model,
                "--data=" + folder.resolve("test.csv"),
                "--predictions=" + said,
                "--json",
                "--threads=1");
        assertThat(measured.err()).isEmpty();
        JsonNode json = json(measured.out());
        assertThat(json.path("accuracy")).isEqualTo(end.path("test_accuracy"));
        assertThat(json.path("loss").asDouble()).isCloseTo(end.path("test_loss").asDouble(), within(1e-6));
        assertThat(said).hasSameTextualContentAs(model.resolve("predictions_test.tsv"));
        assertThat(Cli.run("evaluate", model, "--data=" + folder.resolve("test.csv"))
                        .out())
                .contains("questions  60", "\naccuracy   ", "\nchance     0.");
    }

    @Test
    void reportAndCardShowChoices() throws IOException {
        String page = Files.readString(model.resolve("report.html"));
        assertThat(page)
                .contains("Accuracy, test set", "By place of the right one, test set", "By number of choices, test set")
                .doesNotContain("{{", "MCC");
        assertThat(Files.readString(model.resolve("README.md")))
                .contains(
                        "pipeline_tag: multiple-choice\n",
                        "type: accuracy\n",
                        "A model that chooses one of several texts",
                        "AutoModelForMultipleChoice",
                        "--jsonl '{\"context\"")
                .doesNotContain("{{", "classifier");
    }

    /** A model that has seen a single step is wrong now and then; all choices of such questions are shown. */
    @Test
    void theReportShowsMistakesWithAllTheirChoices() throws IOException {
        Path poor = folder.resolve("models/poor");
        Cli trained = run("--out=" + poor, "--test=" + folder.resolve("test.csv"), "--epochs=1", "--lr=1e-6");
        assertThat(trained.err()).isEmpty();
        String page = Files.readString(poor.resolve("report.html"));
        assertThat(page).contains("<mark>", "<u>", "the …");
        Path other = folder.resolve("comparison.html");
        Cli compared = Cli.run("report", poor, model, "--out=" + other);
        assertThat(compared.err()).isEmpty();
        assertThat(Files.readString(other))
                .contains("choices is better", "a difference in accuracy counts as one")
                .doesNotContain("MCC", "{{");
    }

    @Test
    void inspectShowsEachChoice() {
        Cli inspected = Cli.run("inspect", tiny, "--data=" + train);
        assertThat(inspected.err()).isEmpty();
        assertThat(inspected.out())
                .contains("BertForMultipleChoice", "First question of " + train, "choice  1 of ", ", the right one")
                .contains("tokens  [CLS] the");
    }

    @Test
    void presetsAndOptions() throws IOException {
        Path swag = folder.resolve("models/swag");
        Cli trained = run("--out=" + swag, "--task=swag", "--epochs=1", "--gradient-accumulation-steps=2");
        assertThat(trained.err()).isEmpty();
        assertThat(trained.out()).doesNotContain("so the task is");
        Path refused = folder.resolve("models/refused");
        assertThat(Cli.run("train", "--pretrained=" + tiny, "--task=swag", "--out=" + refused)
                        .err())
                .contains("swag" + File.separator + "train.csv: no such file; \"ortune pull swag\" brings it");
        assertThat(run("--out=" + refused, "--label-smoothing=0.1").err())
                .contains("--label-smoothing is for labels that exclude each other, which multiple-choice has not");
        assertThat(run("--out=" + refused, "--metric=mcc").err())
                .contains("--metric mcc is not measured here; accuracy, loss are");
        assertThat(run("--out=" + refused, "--task=text-classification").err())
                .contains("holds choices of which one is right, which is multiple-choice, but --task says"
                        + " text-classification");
        Path texts = TinyModel.sentences(folder.resolve("a.tsv"), 20);
        assertThat(run("--out=" + refused, "--task=swag", "--train=" + texts).err())
                .contains(texts + ": cannot tell the choices");
        assertThat(Cli.run("evaluate", model, "--data=" + texts).err()).contains(texts + ": cannot tell the choices");
        assertThat(refused).doesNotExist();
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
