package dev.ortune.trainer.report.run;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.TokenPredictions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Reads what {@link dev.ortune.trainer.report.TokenPredictionsFile} wrote. */
final class TokenHoldoutFile {
    private static final int COLUMNS = 3;

    private TokenHoldoutFile() {}

    /**
     * Reads the file. Its labels are those that occur in it, in their order by characters.
     *
     * @param role {@code validation} or {@code test}
     * @throws OrtuneException that names the file, and the line where there is one
     */
    static TokenHoldout read(Path file, String role) {
        List<List<String[]>> sentences = sentences(file);
        if (sentences.isEmpty()) {
            throw new OrtuneException(file + ": holds no predictions");
        }
        TreeSet<String> found = new TreeSet<>();
        sentences.forEach(sentence -> sentence.forEach(cells -> {
            found.add(cells[1]);
            if (!cells[2].isEmpty()) {
                found.add(cells[2]);
            }
        }));
        List<String> labels = List.copyOf(found);
        int[][] right = new int[sentences.size()][];
        int[][] predicted = new int[sentences.size()][];
        for (int i = 0; i < right.length; i++) {
            right[i] = sentences.get(i).stream()
                    .mapToInt(cells -> labels.indexOf(cells[1]))
                    .toArray();
            predicted[i] = sentences.get(i).stream()
                    .mapToInt(cells -> cells[2].isEmpty() ? TokenPredictions.NONE : labels.indexOf(cells[2]))
                    .toArray();
        }
        List<List<String>> words = sentences.stream()
                .map(sentence -> sentence.stream().map(cells -> cells[0]).toList())
                .toList();
        return new TokenHoldout(role, words, new TokenPredictions(labels, right, predicted, Double.NaN));
    }

    private static List<List<String[]>> sentences(Path file) {
        List<List<String[]>> sentences = new ArrayList<>();
        List<String[]> sentence = new ArrayList<>();
        List<String> lines = TextFile.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isEmpty()) {
                if (!sentence.isEmpty()) {
                    sentences.add(sentence);
                    sentence = new ArrayList<>();
                }
                continue;
            }
            String[] cells = lines.get(i).split("\t", -1);
            if (cells.length != COLUMNS || cells[1].isEmpty()) {
                throw new OrtuneException(
                        file + ", line " + (i + 1) + ": is no word, its label and a prediction with tabs between");
            }
            sentence.add(cells);
        }
        if (!sentence.isEmpty()) {
            sentences.add(sentence);
        }
        return sentences;
    }
}
