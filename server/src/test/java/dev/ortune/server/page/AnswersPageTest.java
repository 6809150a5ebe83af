package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.server.Golden;
import dev.ortune.server.TinyClassifier;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.support.ui.Select;

/** A model that answers questions on the page, in Chromium. */
@Timeout(120)
class AnswersPageTest {
    @TempDir
    private static Path folder;

    private static Site site;
    private static Chromium browser;

    @BeforeAll
    static void start() throws IOException {
        Path questions = Golden.folder("question-answering/wordpiece");
        site = Site.open(folder, questions, TinyClassifier.write(folder.resolve("tiny")));
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

    @BeforeEach
    void load() {
        site.visitModels("");
        browser.until(() -> browser.find("context").isDisplayed());
    }

    @Test
    void theAnswerIsMarkedInItsContext() {
        String context = "😀😀 Wolfgang lives in Berlin.";
        assertThat(browser.text("text-label")).isEqualTo("A question");
        browser.find("text").sendKeys("Who?");
        assertThat(browser.find("answer").isDisplayed()).isFalse();
        browser.driver.executeScript(
                "const box = document.getElementById('context'); box.value = arguments[0];"
                        + "box.dispatchEvent(new Event('input'));",
                context);
        browser.until(() -> browser.find("answer").isDisplayed());
        assertThat(browser.text("answer-context")).isEqualTo(context);
        String answer = browser.all("#answer-context mark").get(0).getText();
        assertThat(answer).isNotEmpty();
        assertThat(browser.text("verdict")).startsWith(answer + ", ").endsWith(" %");
        assertThat(browser.all("#bars .bar")).hasSize(3);
        browser.assertQuiet(site.address());
    }

    @Test
    void anExampleBringsItsContextAndOtherTasksHaveNone() {
        browser.all("#examples button").get(0).click();
        browser.until(() -> browser.find("answer").isDisplayed());
        assertThat(browser.find("interpret").isDisplayed()).isFalse();
        new Select(browser.find("picker")).selectByVisibleText("tiny");
        browser.until(() -> !browser.find("context").isDisplayed());
        assertThat(browser.find("answer").isDisplayed()).isFalse();
        assertThat(browser.text("text-label")).isEqualTo("A sentence");
        browser.assertQuiet(site.address());
    }
}
