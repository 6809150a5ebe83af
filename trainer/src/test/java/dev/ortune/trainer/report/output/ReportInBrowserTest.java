package dev.ortune.trainer.report.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import dev.ortune.trainer.report.WrittenRun;
import dev.ortune.trainer.report.WrittenSweep;
import dev.ortune.trainer.report.run.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Reports as a browser shows them. */
@Timeout(120)
class ReportInBrowserTest {
    private static final List<String> RULES = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa");

    @TempDir
    private static Path folder;

    private static Path report;
    private static Path comparison;
    private static Path sweep;
    private static Browser browser;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        WrittenRun first = WrittenRun.complete(folder.resolve("first"), 7, WrittenRun.TWO);
        WrittenRun second = WrittenRun.complete(folder.resolve("second"), 8, WrittenRun.TWO);
        report = ReportFiles.intoFolder(first.folder(), "first").written().get(0);
        comparison = folder.resolve("comparison.html");
        ReportFiles.toPage(List.of(Run.read(first.folder(), "first"), Run.read(second.folder(), "second")), comparison);
        sweep = ReportFiles.ofSweep(WrittenSweep.in(folder.resolve("rates")))
                .written()
                .get(0);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void reset() {
        browser.reset();
    }

    @Test
    void aReportLoadsQuietlyFromTheDisk() {
        browser.load(report);
        assertThat(browser.driver().getTitle()).isEqualTo("first");
        assertThat(browser.all("figure svg")).hasSize(10);
        assertThat(browser.find("#count").getText()).startsWith("716 of 716, ");
        browser.assertQuiet(report);
        browser.load(comparison);
        assertThat(browser.all("figure svg")).hasSize(8);
        browser.assertQuiet(comparison);
    }

    @Test
    void theTableIsSearchedFilteredAndSorted() {
        browser.load(report);
        assertThat(rows()).hasSize(50);
        assertThat(rows().get(0).getText()).as("markup as text").contains("</script><script>");
        type("test SENTENCE 12");
        assertThat(rows()).hasSizeBetween(10, 50).allMatch(row -> row.getText().contains("test sentence"));
        type("no such words");
        assertThat(rows()).isEmpty();
        assertThat(browser.find("#count").getText()).isEqualTo("nothing found");
        type("");
        browser.find("#verdict option[value=wrong]").click();
        browser.find("#set option:last-child").click();
        assertThat(browser.find("#count").getText()).endsWith(" 0.0 % right");
        assertThat(rows()).isNotEmpty().allMatch(row -> row.findElements(By.className("right"))
                .isEmpty());
        WebElement heading = browser.find("th[data-key=confidence]");
        heading.findElement(By.tagName("button")).click();
        assertThat(confidences()).isSorted();
        heading.findElement(By.tagName("button")).click();
        assertThat(heading.getAttribute("aria-sort")).isEqualTo("descending");
        assertThat(confidences()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void moreRowsComeOnAsking() {
        browser.load(report);
        WebElement more = browser.find("#more");
        assertThat(more.getText()).isEqualTo("Show 200 more");
        more.click();
        assertThat(rows()).hasSize(250);
        more.click();
        more.click();
        more.click();
        assertThat(rows()).hasSize(716);
        assertThat(more.isDisplayed()).isFalse();
    }

    @Test
    void everybodyCanReadItInLightAndInTheDark() {
        for (Path page : List.of(report, comparison, sweep)) {
            browser.load(page);
            browser.light();
            String light = colourOfTexts();
            assertAccessible(page + " in light");
            browser.dark();
            assertThat(colourOfTexts()).isNotEqualTo(light);
            assertAccessible(page + " in the dark");
        }
    }

    @Test
    void nothingStandsOutOnAPhone() {
        browser.phone();
        for (Path page : List.of(report, comparison, sweep)) {
            browser.load(page);
            assertThat((Long) browser.driver().executeScript("return document.documentElement.scrollWidth"))
                    .isLessThanOrEqualTo(390);
        }
    }

    @Test
    void aSweepsSettingsAreReachedByKeysAndSayWhatTheyAre() {
        browser.load(sweep);
        browser.assertQuiet(sweep);
        List<WebElement> settings = browser.all("svg.settings [role=listitem]");
        assertThat(settings).hasSize(8);
        WebElement best = settings.get(settings.size() - 1);
        assertThat(best.getAttribute("aria-label")).startsWith("learning-rate=").contains(": MCC ");
        WebElement said = best.findElement(By.cssSelector(".said"));
        assertThat(said.isDisplayed()).isFalse();
        browser.driver().executeScript("arguments[0].focus()", best);
        assertThat(said.isDisplayed()).isTrue();
        assertThat(said.getText()).isEqualTo(best.getAttribute("aria-label"));
        assertThat(browser.all("#settings .range b")).hasSize(16);
        assertThat(browser.all("#trials tbody tr")).hasSize(18);
        assertThat(browser.find("#failed ~ pre").getText()).isEqualTo("ortune: a <b> & no MCC");
    }

    @Test
    void itPrintsOnAFewPages() {
        browser.load(report);
        browser.dark();
        Object data = browser.driver()
                .executeCdpCommand("Page.printToPDF", Map.of("printBackground", true))
                .get("data");
        String pdf = new String(Base64.getDecoder().decode((String) data), StandardCharsets.ISO_8859_1);
        assertThat(pdf).startsWith("%PDF-");
        assertThat(pdf.split("/Type */Page\\b", -1).length - 1).as("pages").isBetween(3, 8);
        browser.paper();
        assertThat(browser.find("nav").isDisplayed()).isFalse();
        assertThat(browser.find("#search").isDisplayed()).isFalse();
    }

    private static void assertAccessible(String what) {
        Results results = new AxeBuilder().withTags(RULES).analyze(browser.driver());
        assertThat(results.getPasses()).extracting(Rule::getId).contains("color-contrast");
        assertThat(results.getViolations())
                .as(what)
                .extracting(rule -> rule.getId() + ": " + rule.getNodes())
                .isEmpty();
    }

    private static List<WebElement> rows() {
        return browser.all("#rows tr");
    }

    private static List<Double> confidences() {
        return rows().stream()
                .map(row -> row.findElements(By.tagName("td")))
                .map(cells -> Double.valueOf(cells.get(cells.size() - 1).getText()))
                .toList();
    }

    private static void type(String text) {
        WebElement search = browser.find("#search");
        search.clear();
        search.sendKeys(text);
    }

    private static String colourOfTexts() {
        return (String) browser.driver()
                .executeScript("return getComputedStyle(document.querySelector('figure svg text')).fill");
    }
}
