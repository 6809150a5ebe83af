package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TinyClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page as axe-core judges it, in all its states, light and dark, wide and on a phone; and pictures of it for people.
 * {@code -Dortune.page.model=../models/NAME} has that model in the pictures instead of the tiny one, for the README.
 */
@Timeout(180)
class AccessibilityTest {
    private static final String SHOWN = System.getProperty("ortune.page.model");
    private static final List<String> RULES =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");
    private static final String TABLE = """
            sentence\tlabel
            They no go to the movies.\tunacceptable
            They do not go to the movies.\tacceptable
            The dogs in the garden was barking.\tunacceptable
            The dogs in the garden were barking.\tacceptable
            The horse raced past the barn fell.\tacceptable
            The teacher gave a book the student to.\tunacceptable
            What did she say that he had bought?\tacceptable
            The book that I read it was long.\tunacceptable
            """;

    @TempDir
    private static Path folder;

    private static Site site;
    private static Chromium browser;

    @BeforeAll
    static void start() throws IOException {
        site = Site.open(folder, SHOWN == null ? TinyClassifier.write(folder.resolve("tiny")) : Path.of(SHOWN));
        browser = site.browser;
        site.serve();
    }

    @AfterAll
    static void close() {
        if (site != null) {
            site.stop();
            site.close();
        }
    }

    @Test
    void oneSentence() throws IOException {
        site.visitModels("");
        browser.find("text").sendKeys(SHOWN == null ? "w150 w20 w3" : "The dogs in the garden was barking.");
        browser.until(() -> !browser.text("verdict").isEmpty());
        browser.find("interpret").click();
        browser.until(() -> browser.find("explanation").isDisplayed());
        assertAccessible("page");
    }

    @Test
    void manyTexts() throws IOException {
        site.visitModels("#batch");
        String table = SHOWN == null ? TABLE.replace("unacceptable", "no").replace("acceptable", "yes") : TABLE;
        browser.driver.executeScript("""
                const field = document.getElementById("batch-text");
                field.value = arguments[0];
                field.dispatchEvent(new Event("input"));
                """, table);
        browser.until(() -> browser.find("run").isEnabled());
        browser.find("run").click();
        browser.until(() -> !browser.text("summary").isEmpty());
        assertAccessible("batch");
    }

    @Test
    void aKeyIsAskedFor() throws IOException {
        site.visitModels("");
        browser.driver.executeScript("""
                document.getElementById("key-form").hidden = false;
                document.getElementById("banner").textContent = "The server does not take this key.";
                document.getElementById("banner").hidden = false;
                """);
        assertAccessible("key");
    }

    @Test
    void entitiesOfASentenceAndOfMany() throws IOException {
        try (Site tokens = Site.open(browser, model("entities", "token-classification/wordpiece"))) {
            tokens.serve();
            tokens.visitModels("");
            browser.find("text").sendKeys("Sarah and Jean-Baptiste went from New York to Zürich with José García!");
            browser.until(() -> browser.find("entities").isDisplayed());
            assertAccessible("entities");
            tokens.visitModels("#batch");
            browser.find("batch-text").sendKeys("Sarah lives in Berlin.\nWolfgang met Zoë in New York.");
            browser.until(() -> browser.find("run").isEnabled());
            browser.find("run").click();
            browser.until(() -> !browser.text("summary").isEmpty());
            assertAccessible("entities-batch");
            tokens.stop();
        }
    }

    /** The page of each other task. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            answers | question-answering/wordpiece | When does the ferry leave?     | context | The ferry to the old harbour leaves at noon.
            choices | multiple-choice/bert-choice  | She opens the umbrella.        | choices | It has begun to rain.⏎The soup is too salty.⏎He learns to swim.
            numbers | families/bert-regression     | The ferry leaves at noon.      |         |
            labels  | families/roberta-multi-label | Did Anna not leave at noon?    |         |
            """)
    void otherTasks(String name, String model, String text, String box, String content) throws IOException {
        try (Site other = Site.open(browser, model(name, model))) {
            other.serve();
            other.visitModels("");
            if (box != null) {
                browser.driver.executeScript(
                        "document.getElementById(arguments[0]).value = arguments[1];", box, content.replace('⏎', '\n'));
            }
            browser.find("text").sendKeys(text);
            browser.until(() -> !browser.text("verdict").isEmpty());
            assertAccessible(name);
            other.stop();
        }
    }

    /** The golden one; {@code -Dortune.page.NAME=../models/NAME} has another in the pictures. */
    private static Path model(String name, String golden) {
        String shown = System.getProperty("ortune.page." + name);
        return shown == null ? Golden.folder(golden) : Path.of(shown);
    }

    /** Either width and either colours are judged once; of all four there are pictures. */
    private static void assertAccessible(String name) throws IOException {
        browser.picture(name);
        judge(name);
        browser.dark(true);
        browser.picture(name + "-dark");
        browser.phone(true);
        browser.picture(name + "-phone-dark");
        judge(name + "-phone-dark");
        browser.dark(false);
        browser.picture(name + "-phone");
        assertThat((Long) browser.driver.executeScript("return document.documentElement.scrollWidth"))
                .as("nothing is wider than a phone")
                .isLessThanOrEqualTo(390);
        browser.phone(false);
    }

    private static void judge(String name) {
        Results results = new AxeBuilder().withTags(RULES).analyze(browser.driver);
        assertThat(results.getPasses()).extracting(Rule::getId).contains("color-contrast", "label");
        assertThat(results.getViolations())
                .as(name)
                .extracting(rule -> rule.getId() + ": " + rule.getNodes())
                .isEmpty();
    }
}
