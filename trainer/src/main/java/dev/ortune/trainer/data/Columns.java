package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which fields of a row hold what, found from the first row and the options.
 *
 * @param header whether the first row is a header and no example
 * @param width how many fields each row must have
 * @param text position of the text
 * @param pair position of the second text, or -1
 * @param label position of the label
 * @param source position of the source, or -1
 */
record Columns(boolean header, int width, int text, int pair, int label, int source) {
    /** Usual names of the two columns of a pair, those of GLUE first. */
    private static final List<List<String>> PAIRS = List.of(
            List.of("sentence1", "sentence2"),
            List.of("premise", "hypothesis"),
            List.of("question1", "question2"),
            List.of("question", "sentence"),
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
    private static final Columns COLA = new Columns(false, 4, 3, -1, 1, 0);

    /**
     * Finds the columns.
     *
     * @throws OrtuneException if a column that was asked for is not there, or no text or label column can be told
     */
    static Columns of(String file, List<String> first, boolean alwaysNamed, ReadOptions options) {
        boolean header = alwaysNamed || options.namesColumn() || first.stream().anyMatch(Columns::isHeaderWord);
        if (!header && options.equals(ReadOptions.DEFAULTS) && isCola(first)) {
            return COLA;
        }
        FirstRow row = new FirstRow(file, header ? first : List.of(), first.size());
        int pairOfDefaults = defaultPair(row, options);
        int text = options.textColumn() != null
                ? row.column(options.textColumn(), "--text-column")
                : pairOfDefaults >= 0 ? row.find(PAIRS.get(pairOfDefaults).get(0)) : row.findAny(TEXTS);
        int pair = options.pairColumn() != null
                ? row.column(options.pairColumn(), "--pair-column")
                : pairOfDefaults >= 0 ? row.find(PAIRS.get(pairOfDefaults).get(1)) : -1;
        int label = options.labelColumn() != null
                ? row.column(options.labelColumn(), "--label-column")
                : row.findAny(LABELS);
        if (text < 0 || label < 0) {
            throw row.untold(text < 0 ? "text" : "label");
        }
        return new Columns(header, first.size(), text, pair, label, row.find("source"));
    }

    private static boolean isHeaderWord(String field) {
        return HEADER_WORDS.contains(field.strip().toLowerCase(Locale.ROOT));
    }

    private static boolean isCola(List<String> first) {
        return first.size() == 4 && first.get(1).matches("[01]");
    }

    /** Position in {@link #PAIRS} of the pair that the header holds, or -1; only where no text was asked for. */
    private static int defaultPair(FirstRow row, ReadOptions options) {
        for (int i = 0; i < PAIRS.size() && options.textColumn() == null && options.pairColumn() == null; i++) {
            if (PAIRS.get(i).stream().allMatch(name -> row.find(name) >= 0)) {
                return i;
            }
        }
        return -1;
    }

    /** The first row: its names (none if it is no header) and its width. */
    private record FirstRow(String file, List<String> names, int width) {
        /** Position of the column that an option gives by name or number. */
        int column(String given, String option) {
            int position = ReadOptions.isPosition(given) ? Integer.parseInt(given) : find(given);
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

        int findAny(List<String> usual) {
            return usual.stream()
                    .mapToInt(this::find)
                    .filter(i -> i >= 0)
                    .findFirst()
                    .orElse(-1);
        }

        OrtuneException untold(String what) {
            return new OrtuneException(file + ": cannot tell the " + what + " column; " + columns()
                    + "; name it with --" + what + "-column");
        }

        private String columns() {
            return names.isEmpty()
                    ? "there is no header, and the first row has columns 0 to " + (width - 1)
                    : "the columns are " + Printable.of(String.join(", ", names));
        }
    }
}
