package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** A model that chooses on the page, in Chromium. */
class ChoicesPageTest extends TaskPage {
    ChoicesPageTest() {
        super("multiple-choice/bert-choice");
    }

    @Override
    boolean isThere() {
        return browser.find("choices").isDisplayed();
    }

    @Test
    void everyChoiceIsABar() {
        assertThat(browser.text("text-label")).isEqualTo("What comes first, or a question");
        browser.find("text").sendKeys("the cats sleep");
        browser.driver.executeScript(
                "const box = document.getElementById('choices'); box.value = arguments[0];"
                        + "box.dispatchEvent(new Event('input'));",
                "it is cold outside");
        assertThat(browser.all("#bars .bar")).isEmpty();
        browser.find("choices").sendKeys("\n\n dogs bark \nMäuse 😀");
        browser.until(() -> browser.all("#bars .bar").size() == 3);
        assertThat(browser.all("#bars .bar .name"))
                .extracting(WebElement::getText)
                .containsExactly("it is cold outside", "dogs bark", "Mäuse 😀");
        assertThat(browser.all("#bars .bar.chosen")).hasSize(1);
        String chosen = browser.all("#bars .bar.chosen .name").get(0).getText();
        assertThat(browser.text("verdict")).startsWith(chosen + ", ").endsWith(" %");
        browser.assertQuiet(site.address());
    }

    @Test
    void anExampleBringsItsChoicesAndOtherTasksHaveNone() {
        browser.all("#examples button").get(0).click();
        browser.until(() -> browser.all("#bars .bar").size() == 3);
        browser.all("#examples button").get(1).click();
        browser.until(() -> browser.all("#bars .bar").size() == 4);
        assertThat(browser.find("interpret").isDisplayed()).isFalse();
        new Select(browser.find("picker")).selectByVisibleText("tiny");
        browser.until(() -> !browser.find("choices").isDisplayed());
        assertThat(browser.text("text-label")).isEqualTo("A sentence");
        browser.assertQuiet(site.address());
    }
}
