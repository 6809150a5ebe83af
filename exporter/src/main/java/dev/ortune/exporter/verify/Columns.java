package dev.ortune.exporter.verify;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which fields of a row hold what, by the rules that {@code ortune train} reads its files by: a file that it was trained on
 * can be compared on.
 *
 * @param header whether the first row is a header and no example
 * @param width how many fields each row must have
 * @param text position of the text
 * @param pair position of the second text, or -1
 * @param label position of the label, or -1
 */
record Columns(boolean header, int width, int text, int pair, int label) {
    private static final List<List<String>> PAIRS = List.of(
            List.of("sentence1", "sentence2"),
            List.of("premise", "hypothesis"),
            List.of("question1", "question2"),
            List.of("question", "sentence"),
            List.of("sentence", "pair"),
            List.of("text1", "text2"),
            List.of("text_a", "text_b"),
            List.of("#1 string", "#2 string"));

    private static final List<String> TEXTS = List.of(
            "text",
            "sentence",
            "content",
            "review",
            "review_body",
            "comment",
            "comment_text",
            "body",
            "message",
            "document",
            "tweet",
            "question",
            "utterance");

    private static final List<String> LABELS = List.of(
            "label",
            "labels",
            "target",
            "class",
            "category",
            "gold_label",
            "is_duplicate",
            "quality",
            "sentiment",
            "intent");

    /** A first row with one of these is a header: they are names that no example has for a whole field. */
    private static final Set<String> HEADER_WORDS =
            Set.of("label", "labels", "target", "class", "category", "gold_label", "text", "sentence", "sentence1");

    /** CoLA's columns: source, label, the author's mark, sentence. */
    private static final Columns COLA = new Columns(false, 4, 3, -1, 1);

    /**
     * Finds the columns.
     *
     * @param first the first row
     * @param alwaysNamed whether it is a header for certain
     * @throws OrtuneException if a column that was asked for is not there, or no text column can be told
     */
    static Columns of(Path file, List<String> first, boolean alwaysNamed, DataColumns wanted) {
        boolean header = alwaysNamed || wanted.areNamed() || first.stream().anyMatch(Columns::isHeaderWord);
        if (!header
                && wanted.equals(DataColumns.FOUND)
                && first.size() == 4
                && first.get(1).matches("[01]")) {
            return COLA;
        }
        FirstRow row = new FirstRow(file, header ? first : List.of(), first.size());
        List<String> usual = wanted.text() == null && wanted.pair() == null ? row.usualPair() : List.of();
        int text = usual.isEmpty() ? row.column(wanted.text(), "--text-column", TEXTS) : row.find(usual.get(0));
        int pair = usual.isEmpty() ? row.column(wanted.pair(), "--pair-column", List.of()) : row.find(usual.get(1));
        int label = row.column(wanted.label(), "--label-column", LABELS);
        if (text < 0) {
            throw new OrtuneException(
                    file + ": cannot tell the text column; " + row.columns() + "; name it with --text-column");
        }
        return new Columns(header, first.size(), text, pair, label);
    }

    private static boolean isHeaderWord(String field) {
        return HEADER_WORDS.contains(field.strip().toLowerCase(Locale.ROOT));
    }

    /** The first row: its names (none if it is no header) and its width. */
    private record FirstRow(Path file, List<String> names, int width) {
        /** Position of the column that an option gives by name or number, else of the first usual one, or -1. */
        int column(String given, String option, List<String> usual) {
            if (given == null) {
                return usual.stream()
                        .mapToInt(this::find)
                        .filter(position -> position >= 0)
                        .findFirst()
                        .orElse(-1);
            }
            int position = DataColumns.isPosition(given) ? Integer.parseInt(given) : find(given);
            if (position < 0 || position >= width) {
                throw new OrtuneException(file + ": " + option + " " + given + " is not there; " + columns());
            }
            return position;
        }

        /** Position of a name, letter case as given or else ignored, or -1. */
        int find(String name) {
            int exact = names.indexOf(name);
            for (int i = 0; exact < 0 && i < names.size(); i++) {
                if (names.get(i).strip().equalsIgnoreCase(name)) {
                    return i;
                }
            }
            return exact;
        }

        List<String> usualPair() {
            return PAIRS.stream()
                    .filter(pair -> pair.stream().allMatch(name -> find(name) >= 0))
                    .findFirst()
                    .orElse(List.of());
        }

        String columns() {
            return names.isEmpty()
                    ? "there is no header, and the first row has columns 0 to " + (width - 1)
                    : "the columns are " + Printable.of(String.join(", ", names));
        }
    }
}
