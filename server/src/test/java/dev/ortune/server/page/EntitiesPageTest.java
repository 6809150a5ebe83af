package dev.ortune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.files.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/** A token classifier on the page, in Chromium, with the entities that transformers' pipeline gives. */
class EntitiesPageTest extends TaskPage {
    private static final String EMOJI = "Sarah 😀 lives in Berlin 🎉!";

    EntitiesPageTest() {
        super("token-classification/wordpiece");
    }

    @Override
    boolean isThere() {
        return browser.find("strategy").isDisplayed();
    }

    @Test
    void entitiesAreMarkedWhileTyping() {
        type(EMOJI);
        for (String strategy : List.of("none", "simple", "first", "average", "max")) {
            new Select(browser.find("strategy")).selectByValue(strategy);
            List<String> expected = new ArrayList<>();
            for (JsonNode entity : golden(EMOJI).path(strategy)) {
                int start = EMOJI.offsetByCodePoints(0, entity.path(3).asInt());
                int end = EMOJI.offsetByCodePoints(0, entity.path(4).asInt());
                expected.add(String.format(
                        Locale.ROOT,
                        "%s|%s %.1f %%",
                        EMOJI.substring(start, end),
                        entity.path(0).asText(),
                        100 * entity.path(1).asDouble()));
            }
            assertThat(expected).isNotEmpty();
            browser.until(() -> spans().equals(expected));
        }
        assertThat(browser.text("spans")).startsWith("Sarah").contains("😀", "🎉");
        assertThat(browser.text("entity-legend").lines()).containsExactly("PER", "LOC");
        assertThat(browser.text("timing")).matches("\\d+ ms, of which the model \\d+ ms");
        browser.assertQuiet(site.address());
    }

    @Test
    void whatIsForTextClassifiersAloneIsHidden() {
        assertThat(browser.find("interpret").isDisplayed()).isFalse();
        assertThat(browser.find("method").isDisplayed()).isFalse();
        browser.find("text").sendKeys("Sarah", Keys.chord(Keys.CONTROL, Keys.ENTER));
        browser.until(() -> browser.find("entities").isDisplayed());
        assertThat(browser.find("explanation").isDisplayed()).isFalse();
        new Select(browser.find("picker")).selectByVisibleText("tiny");
        browser.until(() -> browser.text("verdict").contains("%"));
        assertThat(browser.find("entities").isDisplayed()).isFalse();
        assertThat(browser.find("strategy").isDisplayed()).isFalse();
        assertThat(browser.find("interpret").isDisplayed()).isTrue();
        assertThat(browser.all("#bars .bar")).hasSize(3);
        browser.assertQuiet(site.address());
    }

    @Test
    void whatIsTooLongIsSaidToBeCut() {
        type("Sarah ".repeat(40));
        browser.until(() -> browser.text("notice").equals("Only the first 32 tokens count; the rest is cut off."));
        browser.find("clear").click();
        browser.until(() -> !browser.find("entities").isDisplayed());
        assertThat(browser.text("verdict")).isEmpty();
    }

    @Test
    void manyTextsGiveEntitiesAsJson() throws IOException {
        String text = "Sarah lives in Berlin and 𝔅𝔢𝔯𝔩𝔦𝔫, Zoë in Zürich";
        site.visitModels("#batch");
        browser.driver.executeScript("""
                const field = document.getElementById("batch-text");
                field.value = arguments[0];
                field.dispatchEvent(new Event("input"));
                """, text + "\nBerlin");
        browser.until(() -> browser.text("batch-source").equals("2 texts"));
        browser.find("run").click();
        browser.until(() -> !browser.text("summary").isEmpty());
        assertThat(browser.text("summary")).matches("2 texts in \\d+\\.\\d s\\.");
        assertThat(browser.find("table-score").isDisplayed()).isFalse();
        assertThat(browser.all("#shares .bar")).isEmpty();
        browser.find("download-tsv").click();
        String[] lines = browser.downloaded("verdicts.tsv").split("\n", -1);
        assertThat(lines[0]).isEqualTo("text\tentities");
        String cell = lines[1].substring(lines[1].indexOf('\t') + 1);
        JsonNode entities = new ObjectMapper()
                .readTree(
                        cell.startsWith("\"")
                                ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"")
                                : cell);
        assertThat(entities).isNotEmpty();
        StringBuilder verdict = new StringBuilder();
        for (JsonNode entity : entities) {
            int start = text.offsetByCodePoints(0, entity.path("start").asInt());
            int end = text.offsetByCodePoints(0, entity.path("end").asInt());
            verdict.append(verdict.isEmpty() ? "" : ", ").append(text, start, end);
            verdict.append(' ').append(entity.path("entity_group").asText());
        }
        assertThat(browser.all("#table-body tr:nth-child(1) td:nth-child(3)")
                        .get(0)
                        .getText())
                .isEqualTo(verdict.toString());
        browser.assertQuiet(site.address());
    }

    /** Chromedriver's keys have no characters beyond 16 bits. */
    private void type(String text) {
        browser.driver.executeScript("""
                const field = document.getElementById("text");
                field.value = arguments[0];
                field.dispatchEvent(new Event("input"));
                """, text);
    }

    /** All at once, since they come and go. */
    private List<String> spans() {
        Object spans = browser.driver.executeScript("""
                return [...document.querySelectorAll("#spans .entity")]
                  .map((span) => [...span.children].map((part) => part.textContent).join("|"));
                """);
        return ((List<?>) spans).stream().map(String::valueOf).toList();
    }

    private static JsonNode golden(String text) {
        Path file = Golden.folder("token-classification/wordpiece").resolve("entities.json");
        return JsonFile.readObject(file).path("texts").path(Golden.texts().indexOf(text));
    }
}
