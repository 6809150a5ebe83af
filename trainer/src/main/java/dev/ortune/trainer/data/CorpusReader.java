package dev.ortune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads texts without labels, one after the other: files of plain text, in which a line is a sentence or a paragraph and a blank
 * line ends a document, and JSON lines ({@code .jsonl}, {@code .json}), whose objects have a document each. Of either nothing
 * stays in memory; {@code .gz} is unpacked on the way.
 */
public final class CorpusReader {
    private CorpusReader() {}

    /** Takes the texts in their order. */
    public interface Paragraphs {
        /** A text that is not blank. */
        void paragraph(String text);

        /** The end of a document; perhaps several times in a row, or before any text. */
        void endOfDocument();
    }

    /**
     * Reads a file to its end, which ends a document.
     *
     * @param column the key of a JSON object's text
     * @throws OrtuneException that names the file, and the line where there is one
     */
    public static void read(Path file, String column, Paragraphs to) {
        String name = DataFile.plainName(file);
        try (Utf8Lines lines = new Utf8Lines(file.toString(), DataFile.stream(file))) {
            if (name.endsWith(".jsonl") || name.endsWith(".json")) {
                objects(new JsonRows(lines), column, to);
            } else {
                for (String line = lines.next(); line != null; line = lines.next()) {
                    paragraph(line, to);
                }
            }
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        to.endOfDocument();
    }

    private static void paragraph(String line, Paragraphs to) {
        if (line.isBlank()) {
            to.endOfDocument();
        } else {
            to.paragraph(line.strip());
        }
    }

    private static void objects(JsonRows rows, String column, Paragraphs to) throws IOException {
        for (JsonNode object = rows.nextObject(); object != null; object = rows.nextObject()) {
            JsonNode text = object.path(column);
            if (!text.isTextual()) {
                throw rows.error("has no text under \"" + Printable.of(column) + "\"; --text-column names another key");
            }
            text.textValue().lines().filter(line -> !line.isBlank()).forEach(line -> to.paragraph(line.strip()));
            to.endOfDocument();
        }
    }
}
