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

/** A model that fills masks on the page, in Chromium. */
@Timeout(120)
class MasksPageTest {
    @TempDir
    private static Path folder;

    private static Site site;
    private static Chromium browser;

    @BeforeAll
    static void start() throws IOException {
        Path masks = Golden.folder("fill-mask/byte-level");
        site = Site.open(folder, masks, TinyClassifier.write(folder.resolve("tiny")));
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
        browser.until(() -> browser.text("text-label").equals("A text with a mask"));
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
