package dev.ortune.server.page;

import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TinyClassifier;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of a model of one task, which comes first, and of a text classifier beside it, in Chromium. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TaskPage {
    private final Path model;

    Site site;
    Chromium browser;

    /** @param golden the name of the first model's folder */
    TaskPage(String golden) {
        this(Golden.folder(golden));
    }

    /** @param model the first model's folder */
    TaskPage(Path model) {
        this.model = model;
    }

    /** Whether the page has what belongs to the first model. */
    abstract boolean isThere();

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        site = Site.open(folder, model, TinyClassifier.write(folder.resolve("tiny")));
        browser = site.browser;
        site.serve();
    }

    @AfterAll
    void close() {
        if (site != null) {
            site.stop();
            site.close();
        }
    }

    @BeforeEach
    void load() {
        site.visitModels("");
        browser.until(this::isThere);
    }
}
