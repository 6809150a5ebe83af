package dev.ortune.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void plainLinesTellTheStartTheStepsAndTheEnd() {
        StringWriter text = new StringWriter();
        play(new PlainProgress(new PrintWriter(text), Duration.ZERO, 0), 4);
        assertThat(text.toString())
                .contains("Train       train.tsv: 1,000 sentences of 11.2 tokens (longest 40)")
                .contains("Note        b.tsv has none of the labels of a.tsv: yes")
                .contains("Truncated   3 sentences")
                .contains("Initialised classifier.weight")
                .contains("Runs on     CPU Abacus, 1 thread of 2 cores")
                .contains("epoch 1/2  step 1/4  loss 1.0000  lr 2.00e-05  50.0 sentences/s  1:05 min left")
                .contains("epoch 2/2  step 3/4")
                .contains("MCC 0.4667  (best so far)")
                .contains("MCC       0.4667 over the whole set, 0.5000 on average over batches of 32")
                .contains("time      1:02:05 h, 50.0 sentences/s")
                .contains("model     models/x");
    }

    @Test
    void plainLinesComeNowAndThenOnly() {
        StringWriter text = new StringWriter();
        play(new PlainProgress(new PrintWriter(text), Duration.ofHours(1), 0), 4);
        assertThat(text.toString())
                .contains("step 1/4")
                .doesNotContain("step 2/4")
                .doesNotContain("step 4/4  loss");
    }

    @Test
    void theTableMarksTheLastBestAlone() {
        StringWriter text = new StringWriter();
        play(new PlainProgress(new PrintWriter(text), Duration.ofHours(1), 0), 4);
        assertThat(text.toString().lines().filter(line -> line.endsWith(" *"))).hasSize(1);
    }

    @Test
    void jsonLinesAreObjectsWithTransformersKeys() throws IOException {
        StringWriter text = new StringWriter();
        play(new JsonProgress(new PrintWriter(text)), 4);
        List<JsonNode> lines = parse(text.toString().lines().toList());
        assertThat(lines.remove(1).get("notice").asText()).isEqualTo("b.tsv has none of the labels of a.tsv: yes");
        assertThat(lines).hasSize(1 + 4 + 2 + 1);
        assertThat(lines.get(0).get("train_samples").asInt()).isEqualTo(1000);
        assertThat(lines.get(1).get("learning_rate").asDouble()).isEqualTo(2e-5);
        assertThat(lines.get(1).get("step").asInt()).isEqualTo(1);
        assertThat(lines.get(1).has("grad_norm")).as("without clipping").isFalse();
        assertThat(lines.get(2).get("grad_norm").asDouble()).isEqualTo(0.5);
        assertThat(lines.get(3).get("eval_accuracy").asDouble()).isEqualTo(0.75);
        JsonNode last = lines.get(lines.size() - 1);
        assertThat(last.get("out").asText()).isEqualTo("models/x");
        assertThat(last.get("test_mcc_batch_mean").asDouble()).isEqualTo(0.5);
    }

    @Test
    void metricsGoOnWhereTheyWereCutBackTo() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        play(MetricsLog.open(file, 0, MetricsLog.Position.START, ProgressTest::nothingLost), 4);
        List<JsonNode> lines = parse(Files.readAllLines(file));
        assertThat(lines).hasSize(4 + 2 + 1);
        assertThat(lines.get(2).get("eval_mcc").asDouble()).isCloseTo(7.0 / 15, within(1e-12));
        long bytes = Files.size(file);
        play(MetricsLog.open(file, 0, new MetricsLog.Position(bytes, 0, 0), ProgressTest::nothingLost), 4);
        assertThat(Files.readAllLines(file)).hasSize(2 * lines.size());
        play(MetricsLog.open(file, 0, new MetricsLog.Position(bytes, 0, 0), ProgressTest::nothingLost), 4);
        assertThat(Files.readAllLines(file)).hasSize(2 * lines.size());
    }

    /** As when the power went, or somebody deleted it. */
    @Test
    void metricsThatWereLostAreGoneOnWithout() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        List<String> notices = new ArrayList<>();
        Files.writeString(file, "{\"step\":1,\"loss\":1.0}\n{\"step\":2,\"lo");
        try (MetricsLog log = MetricsLog.open(file, 0, new MetricsLog.Position(500, 0, 0), notices::add)) {
            log.step(step(9, 10, 4));
        }
        assertThat(notices)
                .containsExactly(file + ": has only 35 of the 500 bytes that were written; some of its lines are lost");
        assertThat(parse(Files.readAllLines(file)))
                .extracting(line -> line.get("step").asInt())
                .containsExactly(1, 9);
        Files.delete(file);
        MetricsLog.open(file, 0, new MetricsLog.Position(500, 0, 0), notices::add)
                .close();
        assertThat(notices).hasSize(2);
        assertThat(file).isEmptyFile();
    }

    @Test
    void aMeanOverSeveralStepsSurvivesAnInterruption() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        MetricsLog.Position position;
        try (MetricsLog log = MetricsLog.open(file, 2, MetricsLog.Position.START, ProgressTest::nothingLost)) {
            log.step(step(1, 10, 4));
            position = log.position();
            log.step(step(2, 10, 100));
        }
        try (MetricsLog log = MetricsLog.open(file, 2, position, ProgressTest::nothingLost)) {
            log.step(step(2, 10, 6));
        }
        assertThat(parse(Files.readAllLines(file)).get(0).get("loss").asDouble())
                .isEqualTo(5);
    }

    @Test
    void longRunsGiveTheMeanOfSeveralStepsALine() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (MetricsLog log = MetricsLog.open(file, 0, MetricsLog.Position.START, ProgressTest::nothingLost)) {
            for (int step = 1; step <= 4001; step++) {
                log.step(step(step, 4001, step));
            }
        }
        List<JsonNode> lines = parse(Files.readAllLines(file));
        assertThat(lines).hasSize(1334);
        assertThat(lines.get(0).get("step").asInt()).isEqualTo(3);
        assertThat(lines.get(0).get("loss").asDouble()).as("mean of 1, 2 and 3").isEqualTo(2);
        assertThat(lines.get(1333).get("step").asInt()).as("the last step").isEqualTo(4001);
        assertThat(lines.get(1333).get("loss").asDouble())
                .as("mean of 4000 and 4001")
                .isEqualTo(4000.5);
    }

    @Test
    void theLiveLineGoesAwayForAnEvaluation() {
        StringWriter text = new StringWriter();
        play(new LiveProgress(new PrintWriter(text)), 4);
        assertThat(text.toString())
                .contains("(best so far)")
                .contains("model     models/x")
                .doesNotContain("step 3/4");
    }

    @Test
    void theLiveLineFitsEightyColumnsAndFillsWiderOnesWithABar() {
        String text = LiveProgress.text(new StepRecord(
                new StepRecord.Position(1021, 1072, 3.81, 4),
                0.52341,
                1.9e-5,
                0.3,
                new StepRecord.Pace(1123.4, 3725),
                0));
        assertThat(text)
                .isEqualTo("1021/1072  epoch 4/4  loss 0.5234  lr 1.90e-05  1123.4 sent./s  1:02:05 h left")
                .hasSizeLessThanOrEqualTo(80);
        assertThat(LiveProgress.render(text, 0.5, 80)).isEqualTo(text);
        assertThat(LiveProgress.render(text, 0.5, 20)).hasSize(20);
        assertThat(LiveProgress.render("x", 0.5, 25)).isEqualTo("[==========          ] x");
    }

    @Test
    void overflowsInHalfPrecisionAreTold() throws IOException {
        StepRecord step = new StepRecord(
                new StepRecord.Position(7, 10, 0.7, 1),
                0.5,
                2e-5,
                Double.POSITIVE_INFINITY,
                new StepRecord.Pace(50, 65),
                3);
        assertThat(RunText.line(step)).endsWith("1:05 min left, 3 overflowed");
        assertThat(LiveProgress.text(step)).endsWith("1:05 min left, 3 overflowed");
        Path file = folder.resolve("metrics.jsonl");
        RunSummary summary = new RunSummary(
                "models/x", new LoopSummary(10, 1, 0.6, 0, 3, 65, 50, false), List.of(), null, null, null);
        try (MetricsLog log = MetricsLog.open(file, 0, MetricsLog.Position.START, ProgressTest::nothingLost)) {
            log.step(step);
            log.end(summary);
        }
        assertThat(parse(Files.readAllLines(file)))
                .extracting(line -> line.path("overflowed_steps").asInt())
                .containsExactly(3, 3);
        assertThat(RunText.lines(summary))
                .contains(
                        "overflowed 3 steps in half precision, without an update; the loss was scaled by less from then"
                                + " on");
    }

    private static void play(TrainingLog log, int steps) {
        ClassificationMetrics metrics =
                ClassificationMetrics.of(0.5, new ConfusionMatrix(new long[][] {{2, 1}, {1, 4}}));
        List<EvaluationRecord> evaluations = new ArrayList<>();
        try (log) {
            log.begin(description(steps));
            for (int step = 1; step <= steps; step++) {
                log.step(step(step, steps, 1));
                if (step % 2 == 0) {
                    evaluations.add(new EvaluationRecord(step, step / 2.0, 1, metrics, true));
                    log.evaluation(evaluations.get(evaluations.size() - 1));
                }
            }
            BatchMcc batches = new BatchMcc(List.of(0.4, 0.6), 32);
            log.end(new RunSummary(
                    "models/x",
                    new LoopSummary(steps, 2, 0.6, 0, 0, 3725, 50, false),
                    evaluations,
                    metrics,
                    batches,
                    "models/x/report.html"));
        }
    }

    private static RunDescription description(int steps) {
        Map<String, DatasetSummary> sets = Map.of("train", new DatasetSummary("train.tsv", 1000, 11.2, 40, 3));
        return new RunDescription(
                new RunDescription.Start("folder", 12_345, 12_345, List.of("classifier.weight")),
                sets,
                List.of("no", "yes"),
                new Hardware("Abacus", 2, "none"),
                1,
                steps,
                2,
                List.of("b.tsv has none of the labels of a.tsv: yes"));
    }

    private static StepRecord step(int step, int steps, double loss) {
        return new StepRecord(
                new StepRecord.Position(step, steps, 2.0 * step / steps, 2),
                loss,
                2e-5,
                step == 1 ? Double.NaN : 0.5,
                new StepRecord.Pace(50, 65),
                0);
    }

    private static List<JsonNode> parse(List<String> lines) throws IOException {
        List<JsonNode> nodes = new ArrayList<>();
        for (String line : lines) {
            nodes.add(JSON.readTree(line));
        }
        return nodes;
    }

    private static void nothingLost(String line) {
        throw new AssertionError(line);
    }
}
