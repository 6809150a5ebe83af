package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.server.TinyClassifier;
import dev.ortune.server.http.HttpServer;
import dev.ortune.server.http.ServerOptions;
import dev.ortune.server.model.BatchOptions;
import dev.ortune.server.model.InferenceOptions;
import dev.ortune.server.store.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;

/** Swagger UI with the server's document, in Chromium: from this server alone, and with its API key. */
@Timeout(120)
class DocsPageTest {
    private static final BatchOptions OPTIONS = new BatchOptions(4096, 300, 32, 1, 1);

    @TempDir
    private static Path folder;

    private static ModelStore models;
    private static HttpServer server;
    private static Chromium browser;

    @BeforeAll
    static void start() throws IOException {
        browser = Chromium.start(folder);
        models = ModelStore.open(
                List.of(TinyClassifier.write(folder.resolve("tiny"))), new InferenceOptions("auto", OPTIONS));
        ServerOptions plain = ServerOptions.of("127.0.0.1", 0);
        server = HttpServer.start(
                models,
                OPTIONS,
                new ServerOptions(
                        plain.host(),
                        plain.port(),
                        List.of("secret"),
                        plain.corsAllowOrigins(),
                        plain.tls(),
                        plain.payloadLimit(),
                        plain.maxConnections(),
                        plain.requestTimeout(),
                        plain.accessLog()));
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
            server.stop(Duration.ofSeconds(5));
            models.close();
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
        String address = "http://127.0.0.1:" + server.port() + "/";
        browser.open(address + "docs");
        browser.until(() -> browser.all(".opblock").size() > 20);
        browser.picture("docs");
        browser.assertQuiet(address);

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
