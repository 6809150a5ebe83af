package dev.ortune.trainer.data;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A first row taken for names of columns: which of them are usual ones, and whether they make the row a header. Letter
 * case does not count.
 */
record ColumnNames(List<String> names) {
    /** No header. */
    static final ColumnNames NONE = new ColumnNames(List.of());

    /** Usual names of the two columns of a pair, those of GLUE first. */
    private static final List<List<String>> PAIRS = List.of(
            List.of("sentence1", "sentence2"),
            List.of("premise", "hypothesis"),
            List.of("question1", "question2"),
            List.of("question", "sentence"),
            List.of("question", "answer"),
            List.of("sentence", "pair"),
            List.of("text", "text_pair"),
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
            "utterance",
            "article",
            "dialogue",
            "input_text");

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
            "intent",
            "score",
            "similarity",
            "similarity_score",
            "target_text",
            "summary",
            "highlights");

    /** Names that no example has for a whole field, so that one of them alone makes a header. */
    private static final Set<String> UNMISTAKABLE =
            Set.of("label", "labels", "target", "class", "category", "gold_label", "text", "sentence", "sentence1");

    /** Positions of the two columns of a pair, or -1 both. */
    record Pair(int first, int second) {
        static final Pair NONE = new Pair(-1, -1);
    }

    /** Whether these are names: an unmistakable one, or those of both a text and a label. */
    boolean areHeader() {
        boolean unmistakable = names.stream()
                .anyMatch(name -> UNMISTAKABLE.contains(name.strip().toLowerCase(Locale.ROOT)));
        boolean both = (text() >= 0 || pair().first() >= 0) && label() >= 0;
        return unmistakable || both;
    }

    /** Position of the text, or -1. */
    int text() {
        return findAny(TEXTS);
    }

    /** Positions of the first usual pair of which both are there. */
    Pair pair() {
        return PAIRS.stream()
                .map(pair -> new Pair(find(pair.get(0)), find(pair.get(1))))
                .filter(pair -> pair.first() >= 0 && pair.second() >= 0)
                .findFirst()
                .orElse(Pair.NONE);
    }

    /** Position of the label, or -1. */
    int label() {
        return findAny(LABELS);
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

    private int findAny(List<String> usual) {
        return usual.stream()
                .mapToInt(this::find)
                .filter(i -> i >= 0)
                .findFirst()
                .orElse(-1);
    }
}
