package dev.ortune.trainer.report.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.report.WrittenRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every figure of a report beside what its predictions files say, worked out by other means. */
class ReportFiguresTest {
    private static final Path COLA = Path.of("..", "models", "cola-minilm");
    private static final List<String> FILES =
            List.of("training_args.json", "metrics.jsonl", "predictions_validation.tsv", "predictions_test.tsv");

    @TempDir
    private Path folder;

    @Test
    void ofTwoLabels() throws IOException {
        WrittenRun.complete(folder, 7, WrittenRun.TWO);
        everyFigureIsRight();
    }

    @Test
    void ofThreeLabels() throws IOException {
        WrittenRun.complete(folder, 8, WrittenRun.THREE);
        everyFigureIsRight();
    }

    @Test
    void ofTheModelTrainedOnCola() throws IOException {
        Assumptions.assumeTrue(Files.exists(COLA), "no models/cola-minilm here: its report is not checked");
        for (String file : FILES) {
            Files.copy(COLA.resolve(file), folder.resolve(file));
        }
        everyFigureIsRight();
    }

    private void everyFigureIsRight() throws IOException {
        ReportFiles.intoFolder(folder, "x");
        Document page = Jsoup.parse(folder.resolve(ReportFiles.PAGE));
        Map<String, Figures> sets = new LinkedHashMap<>();
        sets.put("test", Figures.read(folder.resolve("predictions_test.tsv")));
        sets.put("validation", Figures.read(folder.resolve("predictions_validation.tsv")));
        scoresAreRight(page, sets);
        tilesAreRight(page, sets.get("test"));
        confusionMatricesAreRight(page, sets);
        curvesAreNamedByTheirAreas(page, sets.get("test"));
        sourcesAreRight(page, sets.get("test"));
        sentencesAreRight(page, sets.get("test"));
        allPredictionsAreThere(page, sets);
        theCardSaysTheSame(sets.get("test"));
    }

    private static void scoresAreRight(Document page, Map<String, Figures> sets) {
        assertThat(page.select("#scores thead th").eachText()).containsExactly("test", "validation");
        int column = 0;
        for (Figures set : sets.values()) {
            Map<String, String> shown = new LinkedHashMap<>();
            for (Element row : page.select("#scores tbody tr")) {
                shown.put(
                        row.selectFirst("th").text(),
                        row.select("td").get(column).text());
            }
            Map<String, String> expected = new LinkedHashMap<>();
            expected.put("sentences", String.valueOf(set.rows().size()));
            expected.put("loss", Figures.text(set.loss()));
            expected.put("accuracy", Figures.text(set.accuracy(), set.accuracyInterval()));
            expected.put("F1", Figures.text(set.f1()));
            expected.put("MCC", Figures.text(set.mcc(), set.mccInterval()));
            expected.put("MCC, mean of batches of 32", Figures.text(set.batchMcc()));
            expected.put("area under the ROC curve", Figures.text(set.auc()));
            expected.put("average precision", Figures.text(set.averagePrecision()));
            expected.put("expected calibration error", Figures.text(set.expectedCalibrationError()));
            assertThat(shown).isEqualTo(expected);
            column++;
        }
    }

    private static void tilesAreRight(Document page, Figures test) {
        assertThat(page.select(".tile .value").eachText())
                .containsExactly(
                        Figures.text(test.mcc()),
                        Figures.text(test.accuracy()),
                        Figures.text(test.f1()),
                        Figures.text(test.auc()),
                        Figures.text(test.expectedCalibrationError()));
    }

    private static void confusionMatricesAreRight(Document page, Map<String, Figures> sets) {
        List<Element> tables = page.select("table.confusion");
        assertThat(tables).hasSize(2);
        int table = 0;
        for (Figures set : sets.values()) {
            List<String> counts = IntStream.range(0, set.labels().size())
                    .boxed()
                    .flatMap(label -> IntStream.range(0, set.labels().size())
                            .mapToObj(prediction -> String.valueOf(set.count(label, prediction))))
                    .toList();
            assertThat(tables.get(table++).select("td.cell").eachText()).isEqualTo(counts);
        }
    }

    private static void curvesAreNamedByTheirAreas(Document page, Figures test) {
        if (test.labels().size() == 2) {
            String label = test.labels().get(1);
            assertThat(page.select("figure:has(h3:contains(ROC curve)) svg").text())
                    .contains(label + ", AUC " + Figures.text(test.auc()));
            assertThat(page.select("figure:has(h3:contains(Precision and recall)) svg")
                            .text())
                    .contains(label + ", AP " + Figures.text(test.averagePrecision()));
        }
        assertThat(page.select("figure:has(h3:contains(MCC a batch)) svg").text())
                .contains("whole set " + Figures.text(test.mcc()).replace('−', '-'))
                .contains("mean of the batches " + Figures.text(test.batchMcc()).replace('−', '-'));
        assertThat(page.select("figcaption").text())
                .contains("Expected calibration error " + Figures.text(test.expectedCalibrationError()));
    }

    private static void sourcesAreRight(Document page, Figures test) {
        List<Element> rows = page.select("#sources tbody tr");
        assertThat(rows).hasSize((int) test.rows().stream()
                .map(Figures.Row::source)
                .filter(s -> !s.isEmpty())
                .distinct()
                .count());
        for (Element row : rows) {
            String source = row.selectFirst("th").text();
            Figures part = new Figures(
                    test.labels(),
                    test.rows().stream().filter(r -> r.source().equals(source)).toList());
            assertThat(row.select("td.n").eachText())
                    .containsExactly(
                            String.valueOf(part.rows().size()),
                            Figures.text(part.mcc()),
                            Figures.text(part.accuracy()));
        }
    }

    private static void sentencesAreRight(Document page, Figures test) {
        List<String> wrong = test.rows().stream()
                .filter(row -> !row.isRight())
                .sorted(Comparator.comparingDouble((Figures.Row row) -> -row.confidence()))
                .limit(20)
                .map(row -> Figures.text(row.confidence()))
                .toList();
        assertThat(page.select("#most-wrong tbody td.n").eachText()).isEqualTo(wrong);
        assertThat(page.select("#most-wrong td.right")).isEmpty();
        List<String> uncertain = test.rows().stream()
                .sorted(Comparator.comparingDouble(ReportFiguresTest::margin))
                .limit(20)
                .map(row -> Figures.text(row.confidence()))
                .toList();
        assertThat(page.select("#least-certain tbody td.n").eachText()).containsExactlyInAnyOrderElementsOf(uncertain);
    }

    private static double margin(Figures.Row row) {
        double next = IntStream.range(0, row.logits().length)
                .filter(label -> label != row.prediction())
                .mapToDouble(row::probability)
                .max()
                .orElseThrow();
        return row.confidence() - next;
    }

    private static void allPredictionsAreThere(Document page, Map<String, Figures> sets) throws IOException {
        JsonNode data = new ObjectMapper()
                .readTree(page.getElementById("predictions-data").data());
        int next = 0;
        for (Figures set : sets.values()) {
            for (Figures.Row row : set.rows()) {
                JsonNode shown = data.get("rows").get(next++);
                assertThat(shown.get(1).asText()).isEqualTo(row.sentence());
                assertThat(shown.get(3).asText()).isEqualTo(row.source());
                assertThat(shown.get(4).asInt()).isEqualTo(row.label());
                for (int label = 0; label < row.logits().length; label++) {
                    assertThat(shown.get(5).get(label).asDouble()).isCloseTo(row.logits()[label], within(1e-6));
                }
            }
        }
        assertThat(data.get("rows")).hasSize(next);
    }

    private void theCardSaysTheSame(Figures test) throws IOException {
        assertThat(folder.resolve("README.md"))
                .content()
                .contains("| accuracy | " + plain(test.accuracy()) + " | " + plain(test.accuracyInterval()) + " |")
                .contains("| MCC | " + plain(test.mcc()) + " | " + plain(test.mccInterval()) + " |")
                .contains("| F1 | " + plain(test.f1()) + " |")
                .contains("| ROC AUC | " + plain(test.auc()) + " |")
                .contains("| loss | " + plain(test.loss()) + " |");
    }

    private static String plain(double value) {
        return Figures.text(value).replace('−', '-');
    }

    private static String plain(Figures.Interval interval) {
        return plain(interval.low()) + " to " + plain(interval.high());
    }
}
