package dev.ortune.trainer.report.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.AnswerScore;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.WrittenAnswerRun;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.statistics.AnswerScores;
import dev.ortune.trainer.report.statistics.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report shows of a run on questions. */
class AnswerReportTest {
    @TempDir
    private Path folder;

    @Test
    void thePageShowsWhatWasMeasured() throws IOException {
        WrittenAnswerRun.write(folder, 0.7, 3);
        ReportFiles.intoFolder(folder, "qa");
        AnswerScores scores = scores(folder);
        String f1 = String.format(Locale.ROOT, "%.4f", Metric.F1.of(scores.metrics()));
        assertThat(Files.readString(folder.resolve("report.html")))
                .contains("<div class=\"name\">F1, test set</div><div class=\"value\">" + f1 + "</div>")
                .contains("By asked for, test set", "<th>when</th>", "<th>other</th>", "By there is, test set")
                .contains("In which &lt;b&gt;year&lt;/b&gt; left?", "<mark>", "<u>", " … ")
                .contains("Nothing is cut off.")
                .doesNotContain("<b>", "MCC", "{{");
        assertThat(Files.readString(folder.resolve("README.md")))
                .contains("pipeline_tag: question-answering\n", "type: exact_match\n", "| F1 | " + f1 + " | 0.")
                .contains("AutoModelForQuestionAnswering")
                .doesNotContain("MCC", "{{");
    }

    @Test
    void groupsMakeUpTheWhole() {
        WrittenAnswerRun.write(folder, 0.7, 3);
        AnswerScores scores = scores(folder);
        assertThat(Metric.F1.of(scores.metrics()))
                .isBetween(
                        scores.intervals().get(Metric.F1).low(),
                        scores.intervals().get(Metric.F1).high());
        assertThat(scores.groups()).hasSize(4).allSatisfy(group -> {
            assertThat(group.scores().values().stream()
                            .mapToLong(AnswerScore::count)
                            .sum())
                    .isEqualTo(WrittenAnswerRun.TEST);
        });
    }

    @Test
    void runsAreComparedByQuestions() throws IOException {
        Path worse = WrittenAnswerRun.write(folder.resolve("worse"), 0.3, 3);
        Path better = WrittenAnswerRun.write(folder.resolve("better"), 0.95, 4);
        Path page = folder.resolve("comparison.html");
        ReportFiles.toPage(List.of(Run.read(worse, "worse"), Run.read(better, "better")), page);
        assertThat(Files.readString(page))
                .contains("better is better", "a difference in F1 counts as one", "exact match")
                .doesNotContain("MCC", "{{");
    }

    @Test
    void aBrokenFileIsNamedWithItsLine() throws IOException {
        WrittenAnswerRun.write(folder, 0.8, 3);
        Path file = folder.resolve("predictions_test_nbest.jsonl");
        Files.writeString(file, "{\"question\": \"a\", \"context\": \"b\", \"start\": 0, \"end\": 2}");
        assertThatThrownBy(() -> Run.read(folder, "x"))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file + ", line 1: is no question with its context");
    }

    private static AnswerScores scores(Path folder) {
        return (AnswerScores) Scores.of(Run.read(folder, "qa").judged());
    }
}
