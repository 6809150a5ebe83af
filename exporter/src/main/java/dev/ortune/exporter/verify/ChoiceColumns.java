package dev.ortune.exporter.verify;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which fields of a row hold an example's choices and what they are for, by the rules that {@code ortune train} has
 * ({@code vectors/choices.json}).
 *
 * @param width how many fields each row must have
 * @param text position of what comes first
 * @param begun position of what the choices go on with, or -1
 * @param list position of a list of them, or -1 where each has a column
 * @param each those columns
 * @param label position of the right one, or -1
 */
record ChoiceColumns(int width, int text, int begun, int list, List<Integer> each, int label) {
    private static final List<String> TEXTS = List.of(
            "sent1",
            "context",
            "article",
            "passage",
            "premise",
            "ctx",
            "question",
            "question_stem",
            "sentence",
            "goal",
            "text");
    private static final List<String> BEGUN = List.of("sent2", "question", "pair");
    private static final List<String> LISTS = List.of("choices", "endings", "options");
    private static final List<String> LABELS =
            List.of("label", "answerkey", "answer_key", "answer", "answer_idx", "correct", "gold", "target");
    private static final Pattern ONE_EACH =
            Pattern.compile("(ending|choice|option|answer|solution|sol|alternative)[ _-]?(\\d{1,3}|[a-z])");
    private static final int NONE = -1;

    ChoiceColumns {
        each = List.copyOf(each);
    }

    /**
     * Finds the columns.
     *
     * @throws OrtuneException that names what cannot be told
     */
    static ChoiceColumns of(Path file, List<String> first, DataColumns wanted) {
        ColumnNames names = new ColumnNames(first);
        int list = any(names, LISTS);
        List<Integer> each = list >= 0 ? List.of() : each(names);
        if (list < 0 && each.size() < 2) {
            throw new OrtuneException(file + ": cannot tell the choices; they are a list called choices, endings or"
                    + " options, or columns called ending0, ending1, … or choice0, choice1, …; " + columns(first));
        }
        int text = column(file, names, wanted.text(), "--text-column", TEXTS);
        if (text < 0) {
            throw new OrtuneException(
                    file + ": cannot tell the text column; " + columns(first) + "; name it with --text-column");
        }
        boolean asked = wanted.text() != null || wanted.pair() != null;
        int begun = column(file, names, wanted.pair(), "--pair-column", asked ? List.of() : BEGUN);
        int label = column(file, names, wanted.label(), "--label-column", LABELS);
        return new ChoiceColumns(first.size(), text, begun == text ? NONE : begun, list, each, label);
    }

    /** Position of the column that an option gives by name or number, or else of a usual one, or -1. */
    private static int column(Path file, ColumnNames names, String given, String option, List<String> usual) {
        if (given == null) {
            return any(names, usual);
        }
        int position = DataColumns.isPosition(given) ? Integer.parseInt(given) : names.find(given);
        if (position < 0 || position >= names.names().size()) {
            throw new OrtuneException(file + ": " + option + " " + given + " is not there; " + columns(names.names()));
        }
        return position;
    }

    private static String columns(List<String> names) {
        return "the columns are " + Printable.of(String.join(", ", names));
    }

    private static int any(ColumnNames names, List<String> usual) {
        return usual.stream()
                .mapToInt(names::find)
                .filter(column -> column >= 0)
                .findFirst()
                .orElse(NONE);
    }

    /** The columns of the first stem that has two without a gap, in the order of their numbers or letters. */
    private static List<Integer> each(ColumnNames names) {
        Map<String, TreeMap<Integer, Integer>> byStem = new TreeMap<>();
        for (int column = 0; column < names.names().size(); column++) {
            Matcher matcher = ONE_EACH.matcher(names.names().get(column).strip().toLowerCase(Locale.ROOT));
            if (matcher.matches()) {
                String place = matcher.group(2);
                byStem.computeIfAbsent(matcher.group(1), stem -> new TreeMap<>())
                        .put(
                                Character.isDigit(place.charAt(0)) ? Integer.parseInt(place) : place.charAt(0) - 'a',
                                column);
            }
        }
        return byStem.values().stream()
                .map(ChoiceColumns::withoutGap)
                .filter(columns -> columns.size() > 1)
                .findFirst()
                .orElse(List.of());
    }

    private static List<Integer> withoutGap(TreeMap<Integer, Integer> columns) {
        List<Integer> result = new ArrayList<>();
        for (int next = columns.firstKey(); columns.containsKey(next); next++) {
            result.add(columns.get(next));
        }
        return columns.firstKey() > 1 ? List.of() : result;
    }
}
