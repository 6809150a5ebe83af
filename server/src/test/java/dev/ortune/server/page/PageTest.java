package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.server.TinyClassifier;
import dev.ortune.server.http.HttpServer;
import dev.ortune.server.model.BatchOptions;
import dev.ortune.server.model.InferenceOptions;
import dev.ortune.server.store.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The page in headless Chromium, with Debian's driver. {@code -Dortune.page.model=models/NAME} takes pictures of that model
 * for the README instead of the tiny one's.
 */
@Timeout(120)
class PageTest {
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path PICTURES = Path.of("target", "screenshots");

    @TempDir
    private static Path folder;

    private static ModelStore models;
    private static ChromeDriver browser;
    private HttpServer server;

    @BeforeAll
    static void open() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(DRIVER) && Files.exists(Path.of("/usr/bin/chromium")),
                "no chromium and chromedriver here: the page is not tried");
        String shown = System.getProperty("ortune.page.model");
        Path files = shown == null ? TinyClassifier.write(folder.resolve("tiny")) : Path.of(shown);
        models = ModelStore.open(List.of(files), new InferenceOptions("auto", OPTIONS));
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=900,1000");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options);
        Files.createDirectories(PICTURES);
    }

    private static final BatchOptions OPTIONS = new BatchOptions(4096, 300, 32, 1, 1);

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
            models.close();
        }
    }

    @BeforeEach
    void load() {
        server = HttpServer.start(models, OPTIONS, "127.0.0.1", 0);
        browser.get("about:blank");
        browser.manage().logs().get(LogType.BROWSER);
        browser.manage().logs().get(LogType.PERFORMANCE);
        browser.get("http://127.0.0.1:" + server.port() + "/");
        until(() -> find("model").getText().contains(models.names().get(0)));
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ofSeconds(5));
    }

    @Test
    void theVerdictComesWhileTyping() {
        find("text").sendKeys("w100 w90");
        until(() -> find("verdict").getText().startsWith("yes, "));
        String expected = String.format(Locale.ROOT, "yes, %.1f %%", 100 * TinyClassifier.probabilities(100, 90)[2]);
        assertThat(find("verdict").getText()).isEqualTo(expected);
        assertThat(browser.findElements(By.className("bar"))).hasSize(3);
        assertThat(find("bars").getText()).contains("no", "maybe", "yes");
        assertThat(find("timing").getText()).matches("\\d+ ms, of which the model \\d+ ms");
        assertQuiet();
    }

    @Test
    void interpretShowsWhatEachWordDoes() {
        find("text").sendKeys("w150, w20 w0!");
        until(() -> !find("verdict").getText().isEmpty());
        find("interpret").click();
        until(() -> find("explanation").isDisplayed());
        List<WebElement> words = browser.findElements(By.cssSelector("#words .word"));
        assertThat(words).hasSize(3);
        double without = TinyClassifier.probabilities(0, 20)[2];
        double share = 100 * (TinyClassifier.probabilities(150, 20, 0)[2] - without);
        assertThat(find("words").getText()).contains(",", "!");
        assertThat(words.get(1).findElement(By.className("points")).getText()).startsWith("+");
        assertThat(share).isPositive();
        assertQuiet();
    }

    @Test
    void clearEmptiesAndTheKeyboardIsEnough() {
        find("text").sendKeys("w5", Keys.chord(Keys.CONTROL, Keys.ENTER));
        until(() -> find("explanation").isDisplayed());
        find("text").sendKeys(Keys.TAB, Keys.TAB);
        assertThat(browser.switchTo().activeElement().getAttribute("id")).isEqualTo("clear");
        browser.switchTo().activeElement().sendKeys(Keys.ENTER);
        until(() -> find("verdict").getText().isEmpty());
        assertThat(find("text").getAttribute("value")).isEmpty();
        assertThat(find("explanation").isDisplayed()).isFalse();
        assertThat(find("interpret").isEnabled()).isFalse();
        assertThat(browser.switchTo().activeElement().getAttribute("id")).isEqualTo("text");
    }

    @Test
    void tooLongTextsAreSaidToBeCut() {
        find("text").sendKeys(IntStream.range(0, 20).mapToObj(i -> "w1").collect(Collectors.joining(" ")));
        until(() -> find("notice").isDisplayed());
        assertThat(find("notice").getText()).isEqualTo("Only the first 16 tokens count; the rest is cut off.");
    }

    @Test
    void aServerThatIsGoneIsSaidAndTriedAgain() {
        int port = server.port();
        server.stop(Duration.ofSeconds(5));
        find("text").sendKeys("w7");
        until(() -> find("banner").isDisplayed());
        assertThat(find("banner").getText()).isEqualTo("The server does not answer; trying again …");
        server = HttpServer.start(models, OPTIONS, "127.0.0.1", port);
        until(() -> find("verdict").getText().startsWith("yes, "));
        assertThat(find("banner").isDisplayed()).isFalse();
        browser.manage().logs().get(LogType.BROWSER);
    }

    @Test
    void textIsNeverTakenForMarkup() {
        find("text").sendKeys("<img src=x onerror=alert(1)> w3");
        until(() -> !find("verdict").getText().isEmpty());
        find("interpret").click();
        until(() -> find("explanation").isDisplayed());
        assertThat(browser.findElements(By.tagName("img"))).isEmpty();
        assertThat(find("words").getText()).contains("<img");
        assertQuiet();
    }

    @Test
    void picturesForPeople() throws IOException {
        String text =
                System.getProperty("ortune.page.model") == null ? "w150 w20 w3" : "The dogs in the garden was barking.";
        find("text").sendKeys(text);
        until(() -> !find("verdict").getText().isEmpty());
        picture("verdict");
        find("interpret").click();
        until(() -> find("explanation").isDisplayed());
        picture("interpret");
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
        picture("dark");
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", true));
        assertThat((Long) browser.executeScript("return document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(390);
        picture("phone");
        browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        browser.manage().window().setSize(new Dimension(900, 1000));
    }

    private static void picture(String name) throws IOException {
        Files.write(PICTURES.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    /** Nothing on the console, and no request to anywhere but the server. */
    private void assertQuiet() {
        assertThat(browser.manage().logs().get(LogType.BROWSER)).isEmpty();
        List<String> asked = browser.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(PageTest::requestedUrl)
                .filter(url -> url.startsWith("http"))
                .toList();
        assertThat(asked).isNotEmpty().allMatch(url -> url.startsWith("http://127.0.0.1:" + server.port() + "/"));
    }

    private static String requestedUrl(LogEntry entry) {
        try {
            return new ObjectMapper()
                    .readTree(entry.getMessage())
                    .at("/message/params/request/url")
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WebElement find(String id) {
        return browser.findElement(By.id(id));
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the page does not get there").isLessThan(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
