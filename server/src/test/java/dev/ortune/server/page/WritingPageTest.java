package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A model that writes another text after each on the page, in Chromium. */
class WritingPageTest extends TaskPage {
    WritingPageTest() {
        super(Path.of("../vectors/generation/t5"));
    }

    @Override
    boolean isThere() {
        return browser.text("text-label").equals("A text to write after");
    }

    @Test
    void aTextIsWrittenWithoutTheOneBefore() {
        browser.find("text").sendKeys("the old house and the dog");
        browser.until(() -> "false".equals(browser.find("generated").getDomAttribute("aria-busy")));
        assertThat(browser.text("generated-text")).isEqualTo("dog house");
        browser.assertQuiet(site.address());
    }
}
