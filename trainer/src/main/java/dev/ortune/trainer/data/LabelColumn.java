package dev.ortune.trainer.data;

import dev.ortune.trainer.Printable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The labels of a file as written, row by row, until all are there and their ids can be told. */
final class LabelColumn {
    /** An integer, also as pandas writes it when a column was once of floats: {@code 1.0}. */
    private static final Pattern INTEGER = Pattern.compile("(-?\\d{1,9})(\\.0+)?");

    private final String file;
    private final Labels known;
    private final List<String> values = new ArrayList<>();
    private final List<Long> lines = new ArrayList<>();

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
        values.add(value.strip());
        lines.add(line);
    }

    /**
     * The label set. Integers become LABEL_0, LABEL_1, … and must be 0 to n-1 without gaps; names are sorted by their
     * characters, as Hugging Face's run_glue does, so that the ids do not hang on the order of the rows.
     */
    Labels labels() {
        if (known != null) {
            return known;
        }
        if (values.stream().allMatch(value -> INTEGER.matcher(value).matches())) {
            return new Labels(IntStream.range(0, countIntegers())
                    .mapToObj(id -> "LABEL_" + id)
                    .toList());
        }
        return new Labels(List.copyOf(new TreeSet<>(values)));
    }

    /** The id of each row's label among {@code labels}, {@code [rows]}. */
    int[] ids(Labels labels) {
        return IntStream.range(0, values.size()).map(row -> id(row, labels)).toArray();
    }

    private int id(int row, Labels labels) {
        String value = values.get(row);
        int named = labels.names().indexOf(value);
        if (named >= 0) {
            return named;
        }
        int id = INTEGER.matcher(value).matches() ? integer(value) : -1;
        if (id < 0 || id >= labels.count()) {
            throw Utf8Lines.error(
                    file,
                    lines.get(row),
                    "the label \"" + Printable.of(shortened(value)) + "\" is not one of "
                            + Printable.of(String.join(", ", labels.names())));
        }
        return id;
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

    private static String notContiguous(String what) {
        return "integer labels must be 0, 1, … without gaps, " + what;
    }

    private static int integer(String value) {
        int point = value.indexOf('.');
        return Integer.parseInt(point < 0 ? value : value.substring(0, point));
    }

    private static String shortened(String value) {
        return value.length() <= 40 ? value : value.substring(0, 40) + "…";
    }
}
