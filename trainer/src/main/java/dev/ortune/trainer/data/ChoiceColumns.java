package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which fields of a row hold an example's choices and what they are for, found from the names of the columns and the options.
 *
 * @param width how many fields each row must have
 * @param text position of what comes first: a context, or a question without one
 * @param begun position of what the choices go on with, or -1
 * @param list position of a list of them, or -1 where each has a column
 * @param each those columns
 * @param label position of the right one
 * @param source position of the source, or -1
 */
record ChoiceColumns(int width, int text, int begun, int list, List<Integer> each, int label, int source) {
    /** Usual names of what comes first: SWAG's, then those of other sets. */
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

    /** A column a choice: numbered from 0 or from 1, or called by letters. */
    private static final Pattern ONE_EACH =
            Pattern.compile("(ending|choice|option|answer|solution|sol|alternative)[ _-]?(\\d{1,3}|[a-z])");

    private static final int NONE = -1;

    ChoiceColumns {
        each = List.copyOf(each);
    }

    /** Whether the columns' names are those of choices, with what they need beside them. */
    static boolean areThere(List<String> first, ReadOptions options) {
        ColumnNames names = new ColumnNames(first);
        return (any(names, LISTS) >= 0 || each(names).size() > 1)
                && column(names, options.textColumn(), TEXTS) >= 0
                && column(names, options.labelColumn(), LABELS) >= 0;
    }

    /**
     * Finds the columns.
     *
     * @throws OrtuneException that names what cannot be told
     */
    static ChoiceColumns of(String file, List<String> first, ReadOptions options) {
        ColumnNames names = new ColumnNames(first);
        int list = any(names, LISTS);
        List<Integer> each = list >= 0 ? List.of() : each(names);
        if (list < 0 && each.size() < 2) {
            throw new OrtuneException(file + ": cannot tell the choices; they are a list called choices, endings or"
                    + " options, or columns called ending0, ending1, … or choice0, choice1, …; " + columns(first));
        }
        int text = required(file, names, options.textColumn(), "text", TEXTS);
        boolean asked = options.textColumn() != null || options.pairColumn() != null;
        int begun = options.pairColumn() != null
                ? required(file, names, options.pairColumn(), "pair", List.of())
                : asked ? NONE : any(names, BEGUN);
        return new ChoiceColumns(
                first.size(),
                text,
                begun == text ? NONE : begun,
                list,
                each,
                required(file, names, options.labelColumn(), "label", LABELS),
                names.find("source"));
    }

    private static int required(String file, ColumnNames names, String given, String what, List<String> usual) {
        int column = column(names, given, usual);
        if (column >= 0) {
            return column;
        }
        throw new OrtuneException(file + ": "
                + (given == null
                        ? "cannot tell the " + what + " column; " + columns(names.names()) + "; name it with --" + what
                                + "-column"
                                + (what.equals("label")
                                        ? "; choices without a right one are for \"ortune predict\""
                                        : "")
                        : "--" + what + "-column " + given + " is not there; " + columns(names.names())));
    }

    private static String columns(List<String> names) {
        return "the columns are " + Printable.of(String.join(", ", names));
    }

    private static int column(ColumnNames names, String given, List<String> usual) {
        if (given == null) {
            return any(names, usual);
        }
        int position = ReadOptions.isPosition(given) ? Integer.parseInt(given) : names.find(given);
        return position < names.names().size() ? position : NONE;
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
                byStem.computeIfAbsent(matcher.group(1), stem -> new TreeMap<>())
                        .put(number(matcher.group(2)), column);
            }
        }
        return byStem.values().stream()
                .map(ChoiceColumns::withoutGap)
                .filter(columns -> columns.size() > 1)
                .findFirst()
                .orElse(List.of());
    }

    private static int number(String written) {
        return Character.isDigit(written.charAt(0)) ? Integer.parseInt(written) : written.charAt(0) - 'a';
    }

    private static List<Integer> withoutGap(TreeMap<Integer, Integer> columns) {
        List<Integer> result = new ArrayList<>();
        for (int next = columns.firstKey(); columns.containsKey(next); next++) {
            result.add(columns.get(next));
        }
        return columns.firstKey() > 1 ? List.of() : result;
    }
}
