package dev.ortune.trainer.report.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.WrittenRun;
import dev.ortune.trainer.report.WrittenTokenRun;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.run.TokenHoldout;
import dev.ortune.trainer.report.statistics.Scores;
import dev.ortune.trainer.report.statistics.TokenScores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report shows of a run on words with a label each. */
class TokenReportTest {
    @TempDir
    Path folder;

    @Test
    void thePageShowsWhatWasMeasured() throws IOException {
        WrittenTokenRun.write(folder, 0.8, 3);
        ReportFiles.intoFolder(folder, "ner");
        String page = Files.readString(folder.resolve("report.html"));
        TokenScores scores = scores();
        double f1 = scores.metrics().all().f1();
        assertThat(f1).isBetween(0.4, 0.9);
        assertThat(page)
                .contains("<div class=\"name\">F1, test set</div><div class=\"value\">" + text(f1) + "</div>")
                .contains("Entities by type, test set", "Entities by type, validation set", "<th>LOC</th>")
                .contains("<th class=\"n\">precision</th><th class=\"n\">recall</th><th class=\"n\">F1</th>")
                .contains("&lt;b&gt;Paris&lt;/b&gt;")
                .contains("The checkpoint was chosen by the validation set.")
                .doesNotContain("<b>Paris", "MCC", "{{");
        assertThat(folder.resolve("validation.png")).exists();
    }

    @Test
    void intervalsAreAboutTheirScore() {
        WrittenTokenRun.write(folder, 0.8, 3);
        TokenScores scores = scores();
        scores.metrics().values().forEach((metric, value) -> {
            assertThat(value)
                    .as(metric.title())
                    .isBetween(
                            scores.intervals().get(metric).low(),
                            scores.intervals().get(metric).high());
        });
        assertThat(scores.confusion().names()).containsExactly("LOC", "PER", "none");
    }

    @Test
    void theCardIsThatOfATokenClassifier() throws IOException {
        WrittenTokenRun.write(folder, 0.8, 3);
        ReportFiles.intoFolder(folder, "ner");
        String card = Files.readString(folder.resolve("README.md"));
        TokenScores scores = scores();
        assertThat(card)
                .contains("pipeline_tag: token-classification\n")
                .contains("name: Token Classification\n")
                .contains("type: f1\n      name: F1\n      value: "
                        + rounded(scores.metrics().all().f1()))
                .contains("pipeline(\"token-classification\"")
                .contains("| epoch | step | training loss | validation loss | precision | recall | F1 | accuracy |")
                .contains(
                        "| F1 of LOC | " + text(scores.metrics().types().get(0).f1()))
                .doesNotContain("MCC", "matthews");
    }

    @Test
    void runsAreComparedBySentences() throws IOException {
        Path worse = WrittenTokenRun.write(folder.resolve("worse"), 0.5, 3);
        Path better = WrittenTokenRun.write(folder.resolve("better"), 0.95, 4);
        Path page = folder.resolve("comparison.html");
        ReportFiles.toPage(List.of(Run.read(worse, "worse"), Run.read(better, "better")), page);
        assertThat(Files.readString(page))
                .contains("better is better")
                .contains("a difference in F1 counts as one")
                .doesNotContain("MCC", "{{");
    }

    @Test
    void runsOfDifferentTasksAreNot() {
        Path words = WrittenTokenRun.write(folder.resolve("words"), 0.5, 3);
        Path texts = folder.resolve("texts");
        texts.toFile().mkdirs();
        WrittenRun.complete(texts, 1, WrittenRun.TWO);
        assertThatThrownBy(() -> ReportFiles.toPage(
                        List.of(Run.read(words, "words"), Run.read(texts, "texts")), folder.resolve("c.html")))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("words is of token-classification and texts of text-classification; runs of different tasks"
                        + " cannot be compared");
    }

    @Test
    void aBrokenFileIsNamedWithItsLine() throws IOException {
        WrittenTokenRun.write(folder, 0.8, 3);
        Path file = folder.resolve("predictions_test.tsv");
        Files.writeString(file, "a\tO\tO\nb\tO\n");
        assertThatThrownBy(() -> Run.read(folder, "x"))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(file + ", line 2: is no word, its label and a prediction with tabs between");
    }

    private TokenScores scores() {
        Run run = Run.read(folder, "ner");
        assertThat(run.judged()).isInstanceOf(TokenHoldout.class);
        return (TokenScores) Scores.of(run.judged());
    }

    private static String text(double score) {
        return String.format(Locale.ROOT, "%.4f", score);
    }

    private static String rounded(double score) {
        return String.valueOf(Math.rint(1e4 * score) / 1e4);
    }
}
