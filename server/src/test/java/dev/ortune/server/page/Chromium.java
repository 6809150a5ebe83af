package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window, and what it sees of a page. */
final class Chromium implements AutoCloseable {
    static final int WIDTH = 900;
    static final int HEIGHT = 1100;
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path BINARY = Path.of("/usr/bin/chromium");
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final ObjectMapper JSON = new ObjectMapper();

    final ChromeDriver driver;
    private final Path downloads;

    private Chromium(ChromeDriver driver, Path downloads) {
        this.driver = driver;
        this.downloads = downloads;
    }

    /**
     * Starts it; where there is none the tests are skipped.
     *
     * @param downloads the folder for files that are downloaded
     */
    static Chromium start(Path downloads) throws IOException {
        Assumptions.assumeTrue(
                Files.exists(DRIVER) && Files.exists(BINARY),
                "no chromium and chromedriver here: the page is not tried");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BINARY.toFile());
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=" + WIDTH + "," + HEIGHT);
        options.setExperimentalOption("prefs", Map.of("download.default_directory", downloads.toString()));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .build();
        Files.createDirectories(PICTURES);
        return new Chromium(new ChromeDriver(service, options), downloads);
    }

    /** Opens a page with nothing in its logs and its storage. */
    void open(String url) {
        driver.get("about:blank");
        forget();
        driver.get(url);
        driver.executeScript("sessionStorage.clear()");
    }

    /** Forgets what is in the logs. */
    void forget() {
        console();
        requests();
    }

    WebElement find(String id) {
        return driver.findElement(By.id(id));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    String text(String id) {
        return find(id).getText();
    }

    void until(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the page gets there: %s", text()).isLessThan(end);
            sleep();
        }
    }

    private String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the page wrote to the console since this was last asked. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(Object::toString)
                .toList();
    }

    /** The requests since this was last asked, as {@code METHOD URL}. */
    List<String> requests() {
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> read(entry.getMessage()).path("message"))
                .filter(message -> message.path("method").asText().equals("Network.requestWillBeSent"))
                .map(message -> message.at("/params/request"))
                .filter(request -> request.path("url").asText().startsWith("http"))
                .map(request -> request.path("method").asText() + " "
                        + request.path("url").asText())
                .toList();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing on the console, and no request to anywhere but {@code address}. */
    void assertQuiet(String address) {
        assertThat(console()).isEmpty();
        assertThat(requests()).isNotEmpty().allMatch(request -> request.contains(" " + address));
    }

    /** A file that the page has given to download. */
    String downloaded(String name) throws IOException {
        Path file = downloads.resolve(name);
        until(() -> Files.exists(file));
        return Files.readString(file);
    }

    void dark(boolean dark) {
        List<Map<String, String>> features =
                dark ? List.of(Map.of("name", "prefers-color-scheme", "value", "dark")) : List.of();
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", features));
    }

    void phone(boolean phone) {
        if (phone) {
            driver.executeCdpCommand(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", true));
        } else {
            driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        }
    }

    /** A picture for people, in {@code target/screenshots}. */
    void picture(String name) throws IOException {
        Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
