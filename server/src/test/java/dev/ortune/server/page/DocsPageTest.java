package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;

/** Swagger UI with the server's document, in Chromium: from this server alone, and with its API key. */
@Timeout(120)
class DocsPageTest {
    @TempDir
    private static Path folder;

    private static Site site;
    private static Chromium browser;

    @BeforeAll
    static void start() throws IOException {
        site = Site.open(folder, TinyClassifier.write(folder.resolve("tiny")));
        browser = site.browser;
        site.serve("secret");
    }

    @AfterAll
    static void close() {
        if (site != null) {
            site.stop();
            site.close();
        }
    }

    private static WebElement show(String selector) {
        browser.until(() -> !browser.all(selector).isEmpty());
        WebElement found = browser.all(selector).get(0);
        browser.driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", found);
        return found;
    }

    @Test
    void routesAreListedAndTriedWithTheKey() throws IOException {
        site.visit("docs");
        browser.until(() -> browser.all(".opblock").size() > 20);
        browser.picture("docs");
        browser.assertQuiet(site.address());

        String classify = "[id='operations-Hugging_Face-classify'] ";
        show(classify + ".opblock-summary-control").click();
        show(classify + ".try-out__btn").click();
        show(classify + "input[placeholder='name']").sendKeys("tiny");
        show(classify + ".execute").click();
        browser.until(() -> browser.all(classify + ".live-responses-table .response-col_status").stream()
                .anyMatch(status -> status.getText().contains("401")));

        show(".btn.authorize").click();
        show(".auth-container input").sendKeys("secret");
        show(".auth-btn-wrapper .authorize").click();
        show(".auth-btn-wrapper .btn-done").click();
        show(classify + ".execute").click();
        browser.until(() -> browser.all(classify + ".live-responses-table .response-col_status").stream()
                .anyMatch(status -> status.getText().contains("200")));
        assertThat(show(classify + ".live-responses-table tbody .response-col_description")
                        .getText())
                .contains("\"score\"", "\"label\"");
        browser.picture("docs-tried");
        assertThat(browser.console()).hasSize(1).allMatch(line -> line.contains("401"));
    }
}
