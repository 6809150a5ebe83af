package dev.ortune.trainer.report.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.report.WrittenRun;
import dev.ortune.trainer.report.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
    @TempDir
    private Path folder;

    @Test
    void thePageNamesEverythingOfTheRun() throws IOException {
        WrittenRun.complete(folder, 3, WrittenRun.TWO);
        Document page = written();
        assertThat(page.select("#glance").text())
                .contains("minilm-l6 (sentence-transformers/all-MiniLM-L6-v2)", "train.tsv, 2,400 sentences")
                .contains("Abacus, 2 threads of 4 cores", "300 steps in 4 epochs, 2:01 min, 80.5 sentences/s");
        assertThat(page.select("h3").eachText())
                .contains("Loss", "Learning rate", "Gradient norm", "Validation accuracy and MCC")
                .contains("ROC curve", "Precision and recall", "Reliability", "Confidence", "MCC a batch")
                .contains(
                        "Confusion matrix, test set", "By source, test set", "Most confidently wrong", "Least certain");
        assertThat(page.select("#lengths ~ .note").first().text())
                .contains("cut off beyond 32 tokens", "predicted right");
        assertThat(page.select("#parameters ~ .grid").text()).contains("learning_rate 2e-5", "onnxruntime 1.24.1");
        assertThat(page.select("pre").text()).contains("./ortune train", "--seed 3");
        assertThat(page.select(".alert")).isEmpty();
    }

    @Test
    void onePageNeedsNoOtherFile() throws IOException {
        WrittenRun.complete(folder, 3, WrittenRun.TWO);
        Document page = written();
        assertThat(page.select("[src], link[href^=http], link[rel=stylesheet], image, iframe, object"))
                .isEmpty();
        assertThat(page.select("a[href]").eachAttr("href")).allMatch(href -> href.startsWith("#"));
        assertThat(page.select("style").html()).doesNotContain("url(", "@import");
        page.select("nav a").forEach(link -> assertThat(page.select(link.attr("href")))
                .as(link.text())
                .hasSize(1));
    }

    @Test
    void sentencesAreNeverTakenForMarkup() throws IOException {
        WrittenRun.complete(folder, 3, WrittenRun.TWO);
        Document page = written();
        assertThat(page.select("script")).hasSize(2);
        assertThat(page.select("td b, td script")).isEmpty();
    }

    @Test
    void aRunThatWasKilledHasAReportToo() throws IOException {
        WrittenRun.killed(folder, 3);
        Document page = written();
        assertThat(page.select(".alert").text()).contains("did not get to its end", "is 150");
        assertThat(page.select("h3").eachText())
                .contains("Loss", "Gradient norm")
                .doesNotContain("ROC curve");
        assertThat(folder.resolve("loss.png")).exists();
        assertThat(folder.resolve("README.md")).content().contains("did not get to its end");
    }

    @Test
    void aRunThatHadHardlyBegunHasOneToo() throws IOException {
        new WrittenRun(folder, 3).arguments(WrittenRun.TWO);
        Document page = written();
        assertThat(page.select(".alert").text()).contains("no step was written down");
        assertThat(page.select("svg")).isEmpty();
        assertThat(page.select("pre").text()).contains("./ortune train");
    }

    /** As no run of ours leaves it, but who knows whose folder it is. */
    @Test
    void numbersBeyondAllMeasureAreDrawnToo() throws IOException {
        WrittenRun.complete(folder, 3, WrittenRun.TWO)
                .write("metrics.jsonl", """
                        {"step":-5,"epoch":-1,"loss":-1e308,"learning_rate":1e308,"grad_norm":"NaN"}
                        {"step":2147483647,"epoch":1e308,"loss":1e308,"learning_rate":-1e308,"grad_norm":1e-320}
                        {"step":2147483647,"eval_loss":1e999,"eval_accuracy":-7,"eval_mcc":1e9}
                        """)
                .write("token_lengths.json", "{\"train\":{\"0\":0,\"999999999\":9223372036854775807}}")
                .write("predictions_test.tsv", "sentence\tlogit_a\tlogit_b\tlabel\nx\t1e38\t-1e38\ta\n");
        assertThat(written().select("h3").eachText()).contains("Loss", "Reliability");
    }

    @Test
    void severalModelsStandSideBySide() throws IOException {
        Document page = compared(
                WrittenRun.complete(folder.resolve("a"), 3, WrittenRun.TWO),
                WrittenRun.complete(folder.resolve("b"), 4, WrittenRun.TWO));
        assertThat(page.select("#models tbody tr")).hasSize(2);
        assertThat(page.select("tr.differs th").eachText()).containsExactly("seed");
        assertThat(page.select("#differences")).as("of other sentences").isEmpty();
        assertThat(page.select(".alert").text()).contains("a and b were not measured on the same sentences");
        assertThat(page.select("figure h3").eachText()).contains("Training loss", "Validation MCC", "ROC curve");
        assertThat(page.select("figure:has(h3:contains(Training loss)) svg text")
                        .eachText())
                .contains("a", "b");
        assertThat(folder.resolve("both-loss.png")).isNotEmptyFile();
    }

    @Test
    void differencesOnTheSameSentencesAreTestedForChance() throws IOException {
        WrittenRun bad = WrittenRun.complete(folder.resolve("bad"), 3, WrittenRun.TWO);
        WrittenRun good = WrittenRun.complete(folder.resolve("good"), 3, WrittenRun.TWO);
        String predictions = Files.readString(good.folder().resolve("predictions_test.tsv"));
        good.write(
                "predictions_test.tsv",
                predictions.replaceAll("\t[-0-9.]+\t[-0-9.]+(\t0.5.*\tacceptable\t)", "\t0\t3$1"));
        Document page = compared(bad, good);
        String row = page.select("#differences tbody tr").text();
        assertThat(row).startsWith("bad good +0.").contains(" 0.002 ").endsWith("good is better");
        assertThat(page.select(".alert")).isEmpty();
        assertThat(page.select("tr.differs")).isEmpty();
    }

    private Document written() throws IOException {
        ReportFiles files = ReportFiles.intoFolder(folder, "x");
        assertThat(files.written()).allSatisfy(file -> assertThat(file).isNotEmptyFile());
        return Jsoup.parse(folder.resolve(ReportFiles.PAGE));
    }

    private Document compared(WrittenRun first, WrittenRun second) throws IOException {
        Path page = folder.resolve("both.html");
        ReportFiles.toPage(List.of(read(first), read(second)), page);
        return Jsoup.parse(page);
    }

    private static Run read(WrittenRun run) {
        return Run.read(run.folder(), run.folder().getFileName().toString());
    }
}
