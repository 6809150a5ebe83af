package dev.ortune.trainer.report.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.report.WrittenRun;
import dev.ortune.trainer.report.run.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Reports in headless Chromium, opened from the disk. {@code -Dortune.report.model=models/NAME} takes pictures of that
 * model's report for the README; they are in {@code target/screenshots}.
 */
@Timeout(120)
class ReportInBrowserTest {
    private static final Path BROWSER = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path PICTURES = Path.of("target", "screenshots");

    @TempDir
    private static Path folder;

    private static Path report;
    private static Path comparison;
    private static ChromeDriver browser;

    @BeforeAll
    static void open() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(BROWSER) && Files.exists(DRIVER),
                "no chromium and chromedriver here: reports are not looked at in a browser");
        WrittenRun first = WrittenRun.complete(folder.resolve("first"), 7, WrittenRun.TWO);
        WrittenRun second = WrittenRun.complete(folder.resolve("second"), 8, WrittenRun.TWO);
        report = ReportFiles.intoFolder(first.folder(), "first").written().get(0);
        comparison = folder.resolve("comparison.html");
        ReportFiles.toPage(List.of(Run.read(first.folder(), "first"), Run.read(second.folder(), "second")), comparison);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options());
        Files.createDirectories(PICTURES);
    }

    private static ChromeOptions options() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER.toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1100,1400");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        return options;
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void forgetTheLast() {
        browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        load("about:blank");
        browser.manage().logs().get(LogType.BROWSER);
        browser.manage().logs().get(LogType.PERFORMANCE);
    }

    @Test
    void aReportLoadsQuietlyFromTheDisk() {
        load(report);
        assertThat(browser.getTitle()).isEqualTo("first");
        assertThat(browser.findElements(By.cssSelector("figure svg"))).hasSize(10);
        assertThat(browser.findElement(By.id("count")).getText()).startsWith("716 of 716, ");
        assertQuiet(report);
        load(comparison);
        assertThat(browser.findElements(By.cssSelector("figure svg"))).hasSize(8);
        assertQuiet(comparison);
    }

    @Test
    void theTableIsSearchedFilteredAndSorted() {
        load(report);
        assertThat(rows()).hasSize(50);
        assertThat(rows().get(0).getText()).as("markup as text").contains("</script><script>");
        type("test SENTENCE 12");
        assertThat(rows()).hasSizeBetween(10, 50).allMatch(row -> row.getText().contains("test sentence"));
        type("no such words");
        assertThat(rows()).isEmpty();
        assertThat(browser.findElement(By.id("count")).getText()).isEqualTo("nothing found");
        type("");
        choose("#verdict option[value=wrong]");
        choose("#set option:last-child");
        assertThat(browser.findElement(By.id("count")).getText()).endsWith(" 0.0 % right");
        assertThat(rows()).isNotEmpty().allMatch(row -> row.findElements(By.className("right"))
                .isEmpty());
        WebElement heading = browser.findElement(By.cssSelector("th[data-key=confidence]"));
        heading.findElement(By.tagName("button")).click();
        assertThat(confidences()).isSorted();
        heading.findElement(By.tagName("button")).click();
        assertThat(heading.getAttribute("aria-sort")).isEqualTo("descending");
        assertThat(confidences()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void moreRowsComeOnAsking() {
        load(report);
        WebElement more = browser.findElement(By.id("more"));
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
    void coloursFollowTheSurroundings() {
        load(report);
        String light = colourOfTheFirstText();
        dark();
        assertThat(colourOfTheFirstText()).isNotEqualTo(light);
        assertThat(contrast()).as("text on its ground, dark").isGreaterThan(4.5);
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        assertThat(contrast()).as("text on its ground, light").isGreaterThan(4.5);
    }

    @Test
    void nothingStandsOutOnAPhone() {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", true));
        for (Path page : List.of(report, comparison)) {
            load(page);
            assertThat((Long) browser.executeScript("return document.documentElement.scrollWidth"))
                    .isLessThanOrEqualTo(390);
        }
    }

    @Test
    void itPrintsOnAFewPages() {
        load(report);
        dark();
        byte[] pdf = Base64.getDecoder()
                .decode((String) browser.executeCdpCommand("Page.printToPDF", Map.of("printBackground", true))
                        .get("data"));
        assertThat(new String(pdf, 0, 5, StandardCharsets.ISO_8859_1)).isEqualTo("%PDF-");
        String text = new String(pdf, StandardCharsets.ISO_8859_1);
        assertThat(text.split("/Type */Page\\b", -1).length - 1).isBetween(4, 11);
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
        assertThat(browser.findElement(By.tagName("nav")).isDisplayed()).isFalse();
        assertThat(browser.findElement(By.id("search")).isDisplayed()).isFalse();
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
    }

    @Test
    void picturesForPeople() throws IOException {
        String model = System.getProperty("ortune.report.model");
        Path shown = model == null ? report : Path.of(model, ReportFiles.PAGE).toAbsolutePath();
        load(shown);
        picture("report");
        dark();
        picture("report-dark");
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        load(comparison);
        picture("comparison");
        assertThat(PICTURES.resolve("report.png")).isNotEmptyFile();
    }

    private static void load(Path page) {
        load(page.toUri().toString());
    }

    private static void load(String address) {
        browser.get(address);
    }

    private static void dark() {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    }

    /** The window as it is, and the whole page, however long. */
    private static void picture(String name) throws IOException {
        Files.write(PICTURES.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
        Map<?, ?> page = (Map<?, ?>)
                browser.executeCdpCommand("Page.getLayoutMetrics", Map.of()).get("cssContentSize");
        Map<String, Object> clip =
                Map.of("x", 0, "y", 0, "width", page.get("width"), "height", page.get("height"), "scale", 1);
        Object data = browser.executeCdpCommand(
                        "Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip", clip))
                .get("data");
        Files.write(PICTURES.resolve(name + "-whole.png"), Base64.getDecoder().decode((String) data));
    }

    private static List<WebElement> rows() {
        return browser.findElements(By.cssSelector("#rows tr"));
    }

    private static List<Double> confidences() {
        return rows().stream()
                .map(row -> row.findElements(By.tagName("td")))
                .map(cells -> Double.valueOf(cells.get(cells.size() - 1).getText()))
                .toList();
    }

    private static void type(String text) {
        WebElement search = browser.findElement(By.id("search"));
        search.clear();
        search.sendKeys(text);
    }

    private static void choose(String option) {
        browser.findElement(By.cssSelector(option)).click();
    }

    private static String colourOfTheFirstText() {
        return (String)
                browser.executeScript("return getComputedStyle(document.querySelector('figure svg text')).fill");
    }

    /** WCAG's contrast ratio of the texts' and the cards' colours. */
    private static double contrast() {
        return ((Number) browser.executeScript("""
                const luminance = (rgb) => rgb.match(/\\d+/g).slice(0, 3).map(Number)
                  .map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
                const text = luminance(getComputedStyle(document.querySelector('figure svg text')).fill);
                const ground = luminance(getComputedStyle(document.querySelector('.card')).backgroundColor);
                return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
                """)).doubleValue();
    }

    /** Nothing on the console, and no request but for the page itself. */
    private static void assertQuiet(Path page) {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
        List<String> requested = browser.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(ReportInBrowserTest::message)
                .filter(message -> message.path("method").asText().equals("Network.requestWillBeSent"))
                .map(message -> message.at("/params/request/url").asText())
                .filter(url -> !url.startsWith("data:"))
                .toList();
        assertThat(requested).containsExactly(page.toUri().toString());
    }

    private static JsonNode message(LogEntry entry) {
        try {
            return new ObjectMapper().readTree(entry.getMessage()).path("message");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
