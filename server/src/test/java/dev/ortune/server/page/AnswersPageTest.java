package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.support.ui.Select;

/** A model that answers questions on the page, in Chromium. */
class AnswersPageTest extends TaskPage {
    AnswersPageTest() {
        super("question-answering/wordpiece");
    }

    @Override
    boolean isThere() {
        return browser.find("context").isDisplayed();
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
