package dev.ortune.exporter.verify;

import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Texts without labels from lines: a text a line, or a word a line in the form of CoNLL's shared tasks, the word in the
 * first column and a blank line after each text, whose words are joined with spaces.
 */
final class TextLines {
    private static final String DOCUMENT = "-DOCSTART-";

    /** The label of a word: outside of all entities, or at a place of one. */
    private static final Pattern LABEL = Pattern.compile("O|[A-Z]-\\S+");

    private final boolean maybeTexts;
    private final Sample sample;
    private final List<String> words = new ArrayList<>();

    /**
     * Reads into a sample.
     *
     * @param maybeTexts whether the first line tells the form: a word's line ends with its label
     */
    TextLines(boolean maybeTexts, Sample sample) {
        this.maybeTexts = maybeTexts;
        this.sample = sample;
    }

    void read(Utf8Lines lines) throws IOException {
        Boolean words = maybeTexts ? null : Boolean.TRUE;
        for (String line = lines.next(); line != null; line = lines.next()) {
            String[] columns = line.strip().split("\\s+", -1);
            if (words == null && !line.isBlank()) {
                words = isWord(columns);
            }
            if (words == null || !words) {
                addText(line);
            } else {
                addWord(columns);
            }
        }
        endText();
    }

    private static boolean isWord(String[] columns) {
        return columns[0].equals(DOCUMENT)
                || (columns.length > 1
                        && LABEL.matcher(columns[columns.length - 1]).matches());
    }

    private void addText(String line) {
        if (!line.isBlank()) {
            sample.add(new LabelledText(LabelledFile.withoutLineEnd(line), null, -1));
        }
    }

    private void addWord(String[] columns) {
        if (columns[0].isEmpty()) {
            endText();
        } else if (!columns[0].equals(DOCUMENT)) {
            words.add(columns[0]);
        }
    }

    private void endText() {
        if (!words.isEmpty()) {
            sample.add(new LabelledText(String.join(" ", words), null, -1));
            words.clear();
        }
    }
}
