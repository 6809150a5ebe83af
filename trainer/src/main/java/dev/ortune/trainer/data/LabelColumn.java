package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The labels of a file as written, row by row or word by word, until all are there and their ids can be told. */
final class LabelColumn {
    /** An integer, also as pandas writes it when a column was once of floats: {@code 1.0}. */
    private static final Pattern INTEGER = Pattern.compile("(-?\\d{1,9})(\\.0+)?");

    /** Any other number: 2.5, .5, 1e-3. */
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    /** What pandas and others write where there is nothing. */
    private static final Pattern NOTHING = Pattern.compile("nan|<na>", Pattern.CASE_INSENSITIVE);

    private static final Pattern LIST = Pattern.compile("\\[.*\\]|\\{.*\\}|\\(.*\\)");

    /** As many as fit into a line. */
    private static final int MOST_NAMED = 20;

    private static final int NONE = -1;

    private final String file;
    private final Labels known;
    private final List<String> values = new ArrayList<>();
    private final List<Long> lines = new ArrayList<>();

    /** As they are written, row by row. */
    List<String> values() {
        return values;
    }

    /** {@code known} are the labels of a model that the file must keep to, or null to discover them. */
    LabelColumn(String file, Labels known) {
        this.file = file;
        this.known = known;
    }

    void add(String value, long line) {
        if (value == null || value.isBlank()) {
            throw Utf8Lines.error(file, line, "the label is missing");
        }
        if (!Printable.isPlain(value)) {
            throw Utf8Lines.error(
                    file, line, "the label \"" + Printable.of(shortened(value)) + "\" has control characters");
        }
        String label = value.strip();
        if (known == null || !known.names().contains(label)) {
            requireOneValue(label, line);
        }
        values.add(label);
        lines.add(line);
    }

    private void requireOneValue(String label, long line) {
        if (NOTHING.matcher(label).matches()) {
            throw Utf8Lines.error(
                    file,
                    line,
                    "the label is missing (\"" + label + "\"): leave out such rows, or name it among --label-names");
        }
        if (LIST.matcher(label).matches()) {
            throw Utf8Lines.error(
                    file,
                    line,
                    "the label \"" + Printable.of(shortened(label)) + "\" is a list: --task multi-label reads several"
                            + " labels a text from lists in JSON, from a column with a --label-separator, or from"
                            + " --label-columns");
        }
    }

    /**
     * The label set. Integers become LABEL_0, LABEL_1, … and must be 0 to n-1 without gaps; names are sorted by their
     * characters, as Hugging Face's run_glue does, so that the ids do not hang on the order of the rows.
     */
    private Labels labels() {
        if (known != null) {
            return known;
        }
        if (values.stream().allMatch(LabelColumn::isInteger)) {
            return new Labels(IntStream.range(0, countIntegers())
                    .mapToObj(id -> "LABEL_" + id)
                    .toList());
        }
        requireNoScores();
        return new Labels(List.copyOf(new TreeSet<>(values)));
    }

    /** Numbers with decimals are hardly ever names of classes. */
    private void requireNoScores() {
        if (values.stream().allMatch(value -> DECIMAL.matcher(value).matches())) {
            int row = IntStream.range(0, values.size())
                    .filter(i -> !isInteger(values.get(i)))
                    .findFirst()
                    .orElseThrow();
            throw Utf8Lines.error(
                    file,
                    lines.get(row),
                    "the label \"" + values.get(row)
                            + "\" is a number as scores are, which --task regression learns;"
                            + " round such labels to classes, or name them with --label-names");
        }
    }

    /**
     * The same labels as the rows have them, with the id of each. Where every value is a name, names hold; else where every
     * value is a number from 0 to n-1, these are ids. Names may be numbers themselves: 1 is the label "1" then, not the
     * second one; but once a file has numbered such labels from 0, all files that are read with them do.
     */
    Labelled labelled() {
        Labels labels = labels();
        int[] named = ids(value -> named(value, labels.names()));
        if (!labels.byNumber() && isWhole(named)) {
            return new Labelled(labels, named, "");
        }
        int[] numbered = ids(value -> isInteger(value) && integer(value) < labels.count() ? integer(value) : NONE);
        if (isWhole(numbered)) {
            boolean ambiguous = labels.names().stream().anyMatch(LabelColumn::isInteger);
            return new Labelled(ambiguous ? labels.numberedFromZero() : labels, numbered, meaning(labels, numbered));
        }
        boolean byName = Arrays.stream(named).anyMatch(id -> id >= 0) && !labels.byNumber();
        throw unknown(firstWithout(byName ? named : numbered), labels);
    }

    /**
     * Labels and the rows that bear them.
     *
     * @param ids of each row's label, {@code [rows]}
     * @param numbered what the numbers of a file were taken for; empty where there is nothing to say
     */
    record Labelled(Labels labels, int[] ids, String numbered) {}

    /** LABEL_1 says of itself which number it has. */
    private static String meaning(Labels labels, int[] ids) {
        int[] there = Arrays.stream(ids).distinct().sorted().toArray();
        return labels.names().equals(Labels.numbered(labels.count()).names())
                ? ""
                : Arrays.stream(there)
                        .limit(MOST_NAMED)
                        .mapToObj(id -> id + " is taken for "
                                + Printable.of(labels.names().get(id)))
                        .collect(Collectors.joining(", "));
    }

    private int[] ids(ToIntFunction<String> id) {
        return values.stream().mapToInt(id).toArray();
    }

    private static boolean isWhole(int[] ids) {
        return Arrays.stream(ids).allMatch(id -> id >= 0);
    }

    private static int firstWithout(int[] ids) {
        return IntStream.range(0, ids.length)
                .filter(row -> ids[row] < 0)
                .findFirst()
                .orElseThrow();
    }

    private OrtuneException unknown(int row, Labels labels) {
        String names = Printable.of(String.join(", ", labels.names()));
        return Utf8Lines.error(
                file,
                lines.get(row),
                "the label \"" + Printable.of(shortened(values.get(row))) + "\" is not one of "
                        + (labels.byNumber()
                                ? "0 to " + (labels.count() - 1) + ", which the training set has for " + names
                                : names));
    }

    private int countIntegers() {
        BitSet seen = new BitSet();
        for (int row = 0; row < values.size(); row++) {
            int id = integer(values.get(row));
            if (id < 0 || id >= values.size()) {
                throw Utf8Lines.error(file, lines.get(row), notContiguous("here is " + id));
            }
            seen.set(id);
        }
        int count = seen.length();
        if (seen.cardinality() != count) {
            throw Utf8Lines.error(
                    file,
                    lines.get(rowOf(count - 1)),
                    notContiguous("here is " + (count - 1) + " but no row has " + seen.nextClearBit(0)));
        }
        return count;
    }

    private int rowOf(int id) {
        return IntStream.range(0, values.size())
                .filter(row -> integer(values.get(row)) == id)
                .findFirst()
                .orElseThrow();
    }

    private String notContiguous(String what) {
        List<Integer> all =
                values.stream().map(LabelColumn::integer).distinct().sorted().toList();
        return "integer labels must be 0, 1, … without gaps, " + what
                + (all.size() < 2 || all.size() > MOST_NAMED
                        ? "; --label-names gives others their names"
                        : "; name them with --label-names="
                                + all.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    static boolean isInteger(String value) {
        return INTEGER.matcher(value).matches();
    }

    private static int named(String value, List<String> names) {
        int exact = names.indexOf(value);
        return exact < 0 && isInteger(value) ? names.indexOf(String.valueOf(integer(value))) : exact;
    }

    private static int integer(String value) {
        int point = value.indexOf('.');
        return Integer.parseInt(point < 0 ? value : value.substring(0, point));
    }

    static String shortened(String value) {
        return value.length() <= 40 ? value : value.substring(0, 40) + "…";
    }
}
