package dev.ortune.predictor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.files.JsonFile;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files that Python made, beside the scripts that did. */
public final class Golden {
    private Golden() {}

    /** A folder of {@code src/test/resources/golden}. */
    public static Path folder(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The hundred odd texts that token classifiers are tried with. */
    public static List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : JsonFile.readObject(folder("token-classification").resolve("texts.json"))
                .path("texts")) {
            texts.add(text.textValue());
        }
        return texts;
    }
}
