package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.predictor.TinyClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** One sentence on the page, in Chromium. */
@Timeout(120)
class PageTest {
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
        site.visitModels("");
    }

    @AfterEach
    void stop() {
        site.stop();
    }

    @Test
    void theVerdictComesWhileTyping() {
        browser.find("text").sendKeys("w100 w90");
        browser.until(() -> browser.text("verdict").startsWith("yes, "));
        String expected = String.format(Locale.ROOT, "yes, %.1f %%", 100 * TinyClassifier.probabilities(100, 90)[2]);
        browser.until(() -> browser.text("verdict").equals(expected));
        assertThat(browser.all("#bars .bar")).hasSize(3);
        assertThat(browser.text("bars")).contains("no", "maybe", "yes");
        assertThat(browser.text("timing")).matches("\\d+ ms, of which the model \\d+ ms");
        browser.assertQuiet(site.address());
    }

    @Test
    void interpretShowsWhatEachWordDoes() {
        browser.find("text").sendKeys("w150, w20 w0!");
        browser.until(() -> !browser.text("verdict").isEmpty());
        browser.find("interpret").click();
        browser.until(() -> browser.find("explanation").isDisplayed());
        List<WebElement> words = browser.all("#words .word");
        assertThat(words).hasSize(3);
        double without = TinyClassifier.probabilities(0)[2];
        double share = 100 * (TinyClassifier.probabilities(20)[2] - without);
        assertThat(browser.text("words")).contains(",", "!");
        assertThat(words.get(1).findElement(By.className("points")).getText())
                .isEqualTo(String.format(Locale.ROOT, "+%.1f", share));
        browser.assertQuiet(site.address());
    }

    @Test
    void shapleyValuesAreChosenAndSayWhatTheyAddUpTo() {
        browser.find("text").sendKeys("w150 w20 w0");
        browser.until(() -> !browser.text("verdict").isEmpty());
        browser.find("interpret").click();
        browser.until(() -> browser.find("explanation").isDisplayed());
        String leftOut = browser.text("words");
        new Select(browser.find("method")).selectByVisibleText("Shapley values");
        double whole = 100 * TinyClassifier.probabilities(150, 20)[2];
        String from = String.format(Locale.ROOT, "from 33.3 %% without words to %.1f %%", whole);
        browser.until(() -> browser.text("legend-method").contains(from));
        assertThat(browser.text("words")).isNotEqualTo(leftOut);
        List<WebElement> points = browser.all("#words .points");
        double sum = Double.parseDouble(points.get(0).getText())
                + Double.parseDouble(points.get(1).getText());
        assertThat(sum).isCloseTo(whole - 100 / 3.0, within(0.15));
        assertThat(points.get(2).getText()).isEqualTo("0");
        assertThat(browser.all("#words .for")).hasSize(2);
        assertThat(browser.all("#words .against")).isEmpty();
    }

    @Test
    void clearEmptiesAndTheKeyboardIsEnough() {
        browser.find("text").sendKeys("w5", Keys.chord(Keys.CONTROL, Keys.ENTER));
        browser.until(() -> browser.find("explanation").isDisplayed());
        browser.find("text").sendKeys(Keys.TAB, Keys.TAB);
        assertThat(focused()).isEqualTo("clear");
        browser.driver.switchTo().activeElement().sendKeys(Keys.ENTER);
        browser.until(() -> browser.text("verdict").isEmpty());
        assertThat(browser.find("text").getAttribute("value")).isEmpty();
        assertThat(browser.find("explanation").isDisplayed()).isFalse();
        assertThat(browser.find("interpret").isEnabled()).isFalse();
        assertThat(focused()).isEqualTo("text");
    }

    private static String focused() {
        return browser.driver.switchTo().activeElement().getAttribute("id");
    }

    @Test
    void anExampleIsAskedAboutOnceHoweverSoonAfterTyping() throws InterruptedException {
        browser.requests();
        browser.driver.executeScript("""
                const text = document.getElementById("text");
                text.value = "w7";
                text.dispatchEvent(new Event("input"));
                document.querySelector("#examples button").click();
                """);
        browser.until(() -> !browser.text("verdict").isEmpty());
        Thread.sleep(400); // More than what the page waits after a key.
        assertThat(browser.requests()).containsExactly("POST " + site.address() + "models/tiny");
    }

    @Test
    void tooLongTextsAreSaidToBeCut() {
        browser.find("text").sendKeys(IntStream.range(0, 20).mapToObj(i -> "w1").collect(Collectors.joining(" ")));
        browser.until(() -> browser.find("notice").isDisplayed());
        assertThat(browser.text("notice")).isEqualTo("Only the first 16 tokens count; the rest is cut off.");
    }

    @Test
    void aServerThatIsGoneIsSaidAndTriedAgain() {
        site.stop();
        browser.find("text").sendKeys("w7");
        browser.until(() -> browser.find("banner").isDisplayed());
        assertThat(browser.text("banner")).isEqualTo("The server does not answer; trying again …");
        site.serveAgain();
        browser.until(() -> browser.text("verdict").startsWith("yes, "));
        assertThat(browser.find("banner").isDisplayed()).isFalse();
        browser.forget();
    }

    @Test
    void textIsNeverTakenForMarkup() {
        browser.find("text").sendKeys("<img src=x onerror=alert(1)> w3");
        browser.until(() -> !browser.text("verdict").isEmpty());
        browser.find("interpret").click();
        browser.until(() -> browser.find("explanation").isDisplayed());
        assertThat(browser.all("img")).isEmpty();
        assertThat(browser.text("words")).contains("<img");
        browser.assertQuiet(site.address());
    }

    @Test
    void aServerThatWantsAKeyIsGivenIt() {
        site.stop();
        site.serve("right");
        site.visit("");
        browser.until(() -> browser.find("key-form").isDisplayed());
        assertThat(focused()).isEqualTo("key");
        browser.find("key").sendKeys("wrong", Keys.ENTER);
        browser.until(() -> browser.text("banner").equals("The server does not take this key."));
        browser.find("key").sendKeys("right", Keys.ENTER);
        browser.until(() -> browser.text("model").contains("tiny"));
        assertThat(browser.find("key-form").isDisplayed()).isFalse();
        assertThat(browser.find("banner").isDisplayed()).isFalse();
        browser.find("text").sendKeys("w7");
        browser.until(() -> browser.text("verdict").startsWith("yes, "));
        assertThat(browser.driver.executeScript("return localStorage.length + document.cookie.length"))
                .isEqualTo(0L);
        browser.driver.navigate().refresh();
        browser.until(() -> browser.text("model").contains("tiny"));
        browser.driver.executeScript("sessionStorage.clear()");
        browser.forget();
    }
}
