package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/** The page of a server with a second model, one whose labels do not exclude each other, in Chromium. */
@Timeout(120)
class SeveralModelsPageTest {
    @TempDir
    private Path folder;

    @Test
    void theModelThatIsPickedAnswersWithAllLabelsThatHold() throws IOException {
        Path several = TinyClassifier.writeMultiLabel(folder.resolve("several"), "{\"maybe\": 0.6}");
        try (Site site = Site.open(folder, TinyClassifier.write(folder.resolve("tiny")), several)) {
            site.serve();
            site.visitModels("");
            Chromium browser = site.browser;
            browser.find("text").sendKeys("w150", Keys.chord(Keys.CONTROL, Keys.ENTER));
            browser.until(() -> browser.find("explanation").isDisplayed());
            assertThat(browser.text("explanation-title")).isEqualTo("What each word does");
            new Select(browser.find("picker")).selectByVisibleText("several");
            browser.until(() -> browser.text("verdict").equals("yes, 81.8 %"));
            assertThat(browser.all("#bars .threshold"))
                    .extracting(mark -> mark.getAttribute("style"))
                    .containsExactly("left: 50%;", "left: 60%;", "left: 50%;");
            assertThat(browser.find("explanation").isDisplayed()).isFalse();
            browser.find("interpret").click();
            browser.until(() -> browser.find("explanation").isDisplayed());
            assertThat(browser.text("explanation-title")).isEqualTo("What each word does to “yes”");
            site.stop();
        }
    }
}
