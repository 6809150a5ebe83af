package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.support.ui.Select;

/** A model that goes on with texts on the page, in Chromium. */
class GenerationPageTest extends TaskPage {
    GenerationPageTest() {
        super(Path.of("../vectors/generation/gpt2"));
    }

    @Override
    boolean isThere() {
        return browser.text("text-label").equals("A text to go on with");
    }

    @Test
    void aTextIsGoneOnWithWhileTyping() {
        browser.find("text").sendKeys("the old house");
        browser.until(() -> "false".equals(browser.find("generated").getDomAttribute("aria-busy")));
        assertThat(browser.text("generated-text")).startsWith("the old house");
        assertThat(browser.all("#generated-text mark").get(0).getText()).isNotBlank();
        assertThat(browser.text("timing")).contains(" tokens, ").endsWith(" a second");
        assertThat(browser.find("interpret").isDisplayed()).isFalse();
        browser.assertQuiet(site.address());
    }

    @Test
    void otherTasksShowNothingOfIt() {
        browser.all("#examples button").get(0).click();
        browser.until(() -> browser.find("generated").isDisplayed());
        new Select(browser.find("picker")).selectByVisibleText("tiny");
        browser.until(() -> !browser.find("generated").isDisplayed());
        browser.assertQuiet(site.address());
    }
}
