package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.support.ui.Select;

/** Many texts on the page, in Chromium: read as people have them, classified in parts, shown, and given back as a file. */
@Timeout(180)
class BatchPageTest {
    @TempDir
    private static Path folder;

    private static Site site;
    private static Chromium browser;

    @BeforeAll
    static void start() throws IOException {
        site = Site.open(folder, TinyClassifier.write(folder.resolve("tiny")));
        browser = site.browser;
    }

    @AfterAll
    static void close() {
        if (site != null) {
            site.close();
        }
    }

    @BeforeEach
    void load() {
        site.serve();
        site.visitModels("#batch");
        browser.forget();
    }

    @AfterEach
    void stop() {
        site.stop();
    }

    private static void paste(String text) {
        browser.driver.executeScript("""
                const field = document.getElementById("batch-text");
                field.value = arguments[0];
                field.dispatchEvent(new Event("input"));
                """, text);
    }

    private static void choose(String name, String contents) throws IOException {
        choose(name, contents.getBytes(StandardCharsets.UTF_8));
    }

    private static void choose(String name, byte[] contents) throws IOException {
        Path file = Files.write(folder.resolve(name), contents);
        browser.find("file").sendKeys(file.toString());
        browser.until(() -> browser.text("batch-source").matches(name + ": [\\d,]+ texts?"));
    }

    private static void classify() {
        browser.until(() -> browser.find("run").isEnabled());
        browser.find("run").click();
        browser.until(() -> !browser.text("summary").isEmpty());
    }

    private static String cell(int row, int column) {
        return browser.all("#table-body tr:nth-child(" + row + ") td:nth-child(" + column + ")")
                .get(0)
                .getText();
    }

    private static String percent(int... words) {
        double[] shares = TinyClassifier.probabilities(words);
        return String.format(Locale.ROOT, "%.1f %%", 100 * shares[2]);
    }

    @Test
    void pastedLinesAreTextsHoweverManyCommasTheyHave() {
        paste("w10, w20\n\nw30 , w40\r\n  \nw50");
        browser.until(() -> browser.text("batch-source").equals("3 texts"));
        assertThat(new Select(browser.find("format")).getFirstSelectedOption().getText())
                .isEqualTo("lines");
        classify();
        assertThat(browser.all("#table-body tr")).hasSize(3);
        assertThat(cell(2, 2)).isEqualTo("w30 , w40");
        assertThat(cell(2, 3)).isEqualTo("yes");
        assertThat(cell(2, 4)).isEqualTo(percent(30, 40));
        assertThat(browser.text("summary")).matches("3 texts in \\d+\\.\\d s\\.");
        assertThat(browser.find("only-wrong-label").isDisplayed()).isFalse();
        browser.assertQuiet(site.address());
    }

    @Test
    void aCsvFileWithLabelsIsJudgedAndGivenBackAsItWas() throws IOException {
        choose("mine.csv", """
                id;text;label\r
                1;"w10; w20";yes\r
                2;"say ""w30""
                w40 ";0\r
                3;w50;no\r
                4;;yes\r
                5;w60;unheard-of\r
                """);
        classify();
        assertThat(browser.text("summary"))
                .matches("4 texts in \\d+\\.\\d s\\. Accuracy 33\\.3 %, 2 wrong\\. 1 without a label of this model\\."
                        + " 1 without a text\\.");
        assertThat(cell(2, 5)).isEqualTo("✗ no");
        assertThat(cell(1, 5)).isEqualTo("yes");
        browser.find("only-wrong").click();
        browser.until(() -> browser.all("#table-body tr").size() == 2);
        assertThat(cell(1, 1)).isEqualTo("2");
        assertThat(cell(2, 2)).isEqualTo("w50");
        browser.find("download-csv").click();
        assertThat(browser.downloaded("mine-verdicts.csv"))
                .isEqualTo("id,text,label,probability_no,probability_maybe,probability_yes,prediction\r\n"
                        + "1,w10; w20,yes," + shares(20) + ",yes\r\n"
                        + "2,\"say \"\"w30\"\"\nw40 \",0," + shares(40) + ",yes\r\n"
                        + "3,w50,no," + shares(50) + ",yes\r\n"
                        + "4,,yes,,,,\r\n"
                        + "5,w60,unheard-of," + shares(60) + ",yes\r\n");
        browser.assertQuiet(site.address());
    }

    private static String shares(int... words) {
        return Arrays.stream(TinyClassifier.probabilities(words))
                .mapToObj(share -> String.format(Locale.ROOT, "%.6f", (float) share))
                .collect(Collectors.joining(","));
    }

    @Test
    void aDroppedTsvInColasLayoutIsRead() throws IOException {
        browser.driver.executeScript("""
                const transfer = new DataTransfer();
                transfer.items.add(new File(["gj04\\t1\\t\\tw10 \\"w20\\ngj04\\t0\\t*\\t\\"w30\\n"], "cola.tsv"));
                window.dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, cancelable: true}));
                """);
        browser.until(() -> browser.text("batch-source").equals("cola.tsv: 2 texts"));
        classify();
        assertThat(cell(1, 2)).isEqualTo("w10 \"w20");
        assertThat(cell(2, 2)).isEqualTo("\"w30");
        assertThat(cell(1, 5)).isEqualTo("✗ maybe");
        assertThat(cell(2, 5)).isEqualTo("no");
        assertThat(browser.text("summary")).contains("Accuracy 50.0 %, 1 wrong.");
        browser.find("download-tsv").click();
        assertThat(browser.downloaded("cola-verdicts.tsv"))
                .startsWith("column_1\tcolumn_2\tcolumn_3\tcolumn_4\tprobability_no")
                .contains("\ngj04\t1\t\t\"w10 \"\"w20\"\t");
    }

    @Test
    void howATableIsReadCanBeSaidOtherwise() {
        paste("title\tsentence\tprediction\nw5\tw6 w7\tyes\nw8\tw9 w11\tno");
        browser.until(() -> browser.text("batch-source").equals("2 texts"));
        Select text = new Select(browser.find("text-column"));
        assertThat(text.getFirstSelectedOption().getText()).isEqualTo("sentence");
        assertThat(new Select(browser.find("label-column"))
                        .getFirstSelectedOption()
                        .getText())
                .isEqualTo("none");
        text.selectByVisibleText("title");
        new Select(browser.find("label-column")).selectByVisibleText("prediction");
        classify();
        assertThat(cell(1, 2)).isEqualTo("w5");
        assertThat(cell(2, 5)).isEqualTo("✗ no");
        browser.find("header").click();
        browser.until(() -> browser.text("batch-source").equals("3 texts"));
        new Select(browser.find("format")).selectByVisibleText("lines");
        browser.until(() -> !browser.find("text-column").isDisplayed());
        classify();
        assertThat(cell(2, 2)).isEqualTo("w5 w6 w7 yes");
    }

    @Test
    void filesOfOtherEncodingsAreRead() throws IOException {
        choose("utf16.tsv", "\ufefftext\tlabel\nw10 café\tyes\n".getBytes(StandardCharsets.UTF_16LE));
        classify();
        assertThat(cell(1, 2)).isEqualTo("w10 café");
        choose("latin.csv", "text,label\nw10 café,yes\n".getBytes(StandardCharsets.ISO_8859_1));
        classify();
        assertThat(cell(1, 2)).isEqualTo("w10 café");
    }

    @Test
    void requestsAreAsLargeAsTheServerAllowsAndPagesTurn() {
        paste(IntStream.range(0, 100).mapToObj(i -> "w" + i).collect(Collectors.joining("\n")));
        browser.until(() -> browser.text("batch-source").equals("100 texts"));
        classify();
        assertThat(browser.requests()).hasSize(4).allMatch(("POST " + site.address() + "models/tiny")::equals);
        assertThat(browser.all("#table-body tr")).hasSize(50);
        assertThat(browser.text("page")).isEqualTo("1 to 50 of 100");
        browser.find("next").click();
        assertThat(browser.text("page")).isEqualTo("51 to 100 of 100");
        assertThat(cell(50, 2)).isEqualTo("w99");
        assertThat(cell(50, 4)).isEqualTo(percent(99));
        assertThat(browser.find("next").isEnabled()).isFalse();
    }

    @Test
    void aBigFileLeavesThePageResponsiveAndCanBeCancelled() throws IOException {
        browser.driver.executeScript("""
                window.longest = 0;
                new PerformanceObserver((list) => {
                  for (const {duration} of list.getEntries()) window.longest = Math.max(window.longest, duration);
                }).observe({type: "longtask"});
                """);
        int rows = 200_000;
        String big = IntStream.range(0, rows)
                .mapToObj(i -> i + ",\"and, w" + i % 200 + "\nw" + (1 + i % 7) + "\",yes\n")
                .collect(Collectors.joining("", "id,text,label\n", ""));
        choose("big.csv", big);
        assertThat(browser.text("batch-source")).isEqualTo("big.csv: 200,000 texts");
        browser.find("run").click();
        browser.until(() -> browser.text("progress-text").matches("[1-9][\\d,]* of 200,000"));
        browser.find("cancel").click();
        browser.until(() -> browser.text("progress-text").matches("cancelled after [\\d,]+ of 200,000"));
        assertThat(browser.driver.switchTo().activeElement().getAttribute("id")).isEqualTo("run");
        assertThat(browser.find("cancel").isDisplayed()).isFalse();
        assertThat(browser.text("summary")).contains("Accuracy 100.0 %");
        double longest = ((Number) browser.driver.executeScript("return window.longest")).doubleValue();
        assertThat(longest).isLessThan(1000);
    }

    @Test
    void aServerThatComesBackIsAskedForTheRest() {
        paste(IntStream.range(0, 200).mapToObj(i -> "w" + i).collect(Collectors.joining("\n")));
        browser.until(() -> browser.text("batch-source").equals("200 texts"));
        site.stop();
        browser.find("run").click();
        browser.until(() -> browser.text("banner").equals("The server does not answer; trying again …"));
        site.serveAgain();
        browser.until(() -> browser.text("summary").startsWith("200 texts"));
        assertThat(browser.find("banner").isDisplayed()).isFalse();
        browser.forget();
    }

    @Test
    void clearLeavesNothing() {
        paste("w1\nw2");
        classify();
        browser.find("batch-clear").click();
        assertThat(browser.find("results").isDisplayed()).isFalse();
        browser.until(() -> !browser.find("run").isEnabled());
        assertThat(browser.find("batch-text").getAttribute("value")).isEmpty();
        assertThat(browser.text("batch-source")).isEmpty();
    }
}
