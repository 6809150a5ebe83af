package dev.ortune.trainer.pull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a pulled model is from, kept beside it in {@code source.json}.
 *
 * @param source who published it, under which name
 * @param licence the weights' licence, or the empty string when it is not known
 * @param language the language it knows as an ISO 639-1 code, or the empty string when that is not known
 * @param revision the commit, or the empty string when there is none
 */
record Provenance(String source, String licence, String language, String revision) {
    void writeInto(Path folder) throws IOException {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("source", source);
        if (!licence.isEmpty()) {
            json.put("licence", licence);
        }
        if (!language.isEmpty()) {
            json.put("language", language);
        }
        if (!revision.isEmpty()) {
            json.put("revision", revision);
        }
        Files.writeString(folder.resolve("source.json"), json.toPrettyString() + "\n");
    }
}
