package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.JavaProcess;
import dev.ortune.trainer.report.WrittenRun;
import dev.ortune.trainer.report.run.Reproduction;
import dev.ortune.trainer.report.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of real runs, on a BERT of two thin layers. */
class ReportCommandTest {
    @TempDir
    private static Path folder;

    private static Path trained;
    private static Cli training;

    @BeforeAll
    static void trainOnce() throws IOException {
        Path model = TinyModel.write(folder.resolve("tiny"));
        Path train = TinyModel.sentences(folder.resolve("train.tsv"), 80);
        Path test = TinyModel.sentences(folder.resolve("test.tsv"), 40);
        trained = folder.resolve("models/x");
        training = Cli.run(
                "train",
                "--pretrained",
                model,
                "--train",
                train,
                "--test",
                test,
                "--out",
                trained,
                "--epochs=2",
                "--batch-size=8",
                "--lr=3e-3",
                "--schedule=cosine",
                "--warmup-ratio=0.2",
                "--optimizer=bert-adam",
                "--label-smoothing=0.05",
                "--class-weights=balanced",
                "--label-names=bad,good",
                "--group-by-length",
                "--pad-to-max",
                "--max-length=6",
                "--eval-steps=5",
                "--metric=loss",
                "--seed=7",
                "--split-seed=3",
                "--limit=60",
                "--threads=1");
        assertThat(training.err()).isEmpty();
        assertThat(training.exit()).isZero();
    }

    @Test
    void trainWritesTheReportAndSaysWhere() throws IOException {
        assertThat(training.out()).contains("report    " + trained.resolve("report.html"));
        for (String file : List.of("report.html", "README.md", "loss.png", "gradient_norm.png", "mcc_batches.png")) {
            assertThat(trained.resolve(file)).isNotEmptyFile();
        }
        Document page = Jsoup.parse(trained.resolve("report.html"));
        assertThat(page.select("h1").text()).isEqualTo("x");
        assertThat(page.select(".alert")).isEmpty();
        JsonNode end = metrics(trained).get(metrics(trained).size() - 1);
        assertThat(page.select(".tile .value").first().text())
                .isEqualTo(
                        String.format(Locale.ROOT, "%.4f", end.get("test_mcc").asDouble())
                                .replace('-', '−'));
        assertThat(page.select("#glance").text()).contains("train.tsv, 54 sentences", "bad, good");
        assertThat(page.select("#lengths ~ .note").first().text())
                .contains("cut off beyond 6 tokens", "were predicted right");
    }

    @Test
    void theGradientNormIsTheSessionsOwn() throws IOException {
        List<JsonNode> steps =
                metrics(trained).stream().filter(line -> line.has("loss")).toList();
        assertThat(steps).isNotEmpty().allMatch(step -> step.get("grad_norm").asDouble() > 0);
    }

    /** The command that a report gives repeats the run to the last bit, unusual options and all. */
    @Test
    void theRunIsRepeatedByItsCommand() throws IOException {
        List<String> command = Reproduction.command(Run.read(trained, "x"));
        assertThat(command.subList(0, 2)).containsExactly("./ortune", "train");
        Object[] arguments = command.subList(1, command.size()).toArray();
        arguments[command.indexOf("--out")] = folder.resolve("again/x");
        Cli again = Cli.run(arguments);
        assertThat(again.err()).isEmpty();
        assertThat(folder.resolve("again/x/model.safetensors"))
                .hasSameBinaryContentAs(trained.resolve("model.safetensors"));
        assertThat(folder.resolve("again/x/predictions_test.tsv"))
                .hasSameBinaryContentAs(trained.resolve("predictions_test.tsv"));
    }

    @Test
    void reportWritesItAnew() throws IOException {
        Path page = trained.resolve("report.html");
        byte[] before = Files.readAllBytes(page);
        Files.delete(page);
        Cli report = Cli.run("report", trained);
        assertThat(report.err()).isEmpty();
        assertThat(report.exit()).isZero();
        assertThat(report.out()).contains("written: ", "report.html", "loss.png", "README.md");
        assertThat(page).hasBinaryContent(before);
    }

    @Test
    void anEditedCardIsLeftAlone() throws IOException {
        Path copy = copy("edited");
        Files.writeString(copy.resolve("README.md"), "# Mine\n");
        assertThat(Cli.run("report", copy).out()).contains("README.md was edited, so it is left as it is");
        assertThat(copy.resolve("README.md")).hasContent("# Mine\n");
    }

    @Test
    void severalModelsAreCompared() throws IOException {
        Path copy = copy("copy");
        Path page = folder.resolve("comparison.html");
        Cli report = Cli.run("report", trained, copy, "--out", page);
        assertThat(report.err()).isEmpty();
        assertThat(report.exit()).isZero();
        assertThat(Jsoup.parse(page).select("#differences tbody tr").text()).endsWith("could be chance");
        assertThat(folder.resolve("comparison-loss.png")).isNotEmptyFile();
        assertThat(Cli.run("report", trained, copy).out()).contains("models");
        assertThat(trained.resolveSibling("comparison.html")).isNotEmptyFile();
    }

    /** What a process that was killed leaves is the hidden folder. */
    @Test
    void anInterruptedRunIsFoundUnderTheNameItWasToHave() throws IOException {
        Path interrupted = folder.resolve("models/.broken.training");
        Files.createDirectories(interrupted);
        Files.copy(trained.resolve("training_args.json"), interrupted.resolve("training_args.json"));
        Files.copy(trained.resolve("metrics.jsonl"), interrupted.resolve("metrics.jsonl"));
        List<String> lines = Files.readAllLines(interrupted.resolve("metrics.jsonl"));
        Files.write(interrupted.resolve("metrics.jsonl"), lines.subList(0, 4));
        Cli report = Cli.run("report", folder.resolve("models/broken"));
        assertThat(report.err()).isEmpty();
        Document page = Jsoup.parse(interrupted.resolve("report.html"));
        assertThat(page.title()).isEqualTo("broken");
        assertThat(page.select(".alert").text()).contains("the last step that was written down is 4");
    }

    /** A heap of 64 MB is enough. */
    @Test
    void aReportNeedsLittleMemory() throws IOException, InterruptedException {
        Path run = folder.resolve("models/large");
        WrittenRun.complete(run, 3, WrittenRun.TWO);
        Map<String, String> environment =
                Map.of(OrtuneProcess.ARGUMENTS, "report\n" + run, "JAVA_TOOL_OPTIONS", "-Xmx64m");
        JavaProcess.Result result =
                JavaProcess.start(OrtuneProcess.class, environment).await();
        assertThat(result.output()).contains("report.html").doesNotContain("memory");
        assertThat(result.exit()).isZero();
    }

    @Test
    void whatIsNoRunIsOneLine() throws IOException {
        Cli none = Cli.run("report", folder.resolve("nothing"));
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).contains("there is no such model folder").hasLineCount(1);
        Cli pretrained = Cli.run("report", folder.resolve("tiny"));
        assertThat(pretrained.exit()).isEqualTo(1);
        assertThat(pretrained.err()).contains("holds no training_args.json").hasLineCount(1);
        assertThat(Cli.run("report").exit()).isEqualTo(2);
        Cli folderAsPage = Cli.run("report", trained, trained, "--out", folder);
        assertThat(folderAsPage.exit()).isEqualTo(2);
        assertThat(folderAsPage.err()).contains("is a folder; it must name a file");
    }

    private static Path copy(String name) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("models").resolve(name));
        for (String file :
                List.of("training_args.json", "metrics.jsonl", "predictions_validation.tsv", "predictions_test.tsv")) {
            Files.copy(trained.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private static List<JsonNode> metrics(Path run) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }
}
