package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.support.ui.Select;

/** A model that fills masks on the page, in Chromium. */
class MasksPageTest extends TaskPage {
    MasksPageTest() {
        super("fill-mask/byte-level");
    }

    @Override
    boolean isThere() {
        return browser.text("text-label").equals("A text with a mask");
    }

    @Test
    void masksAreFilledWhileTyping() {
        browser.find("text").sendKeys("Sarah ");
        assertThat(browser.find("fillings").isDisplayed()).isFalse();
        browser.find("text").sendKeys("<mask> in <mask>.");
        browser.until(() -> browser.all("#filled mark").size() == 2);
        assertThat(browser.all("#bars .bar")).hasSize(10);
        String first = browser.all("#filled mark").get(0).getText();
        String second = browser.all("#filled mark").get(1).getText();
        assertThat(browser.text("filled")).isEqualTo("Sarah " + first + " in " + second + ".");
        assertThat(browser.text("verdict")).startsWith(first + ", ").contains("; " + second + ", ");
        browser.assertQuiet(site.address());
    }

    @Test
    void anExampleHasTheModelsOwnMaskAndOtherTasksHaveNone() {
        browser.all("#examples button").get(0).click();
        browser.until(() -> browser.find("fillings").isDisplayed());
        assertThat(browser.find("interpret").isDisplayed()).isFalse();
        new Select(browser.find("picker")).selectByVisibleText("tiny");
        browser.until(() -> !browser.find("fillings").isDisplayed());
        browser.assertQuiet(site.address());
    }
}
