package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.util.List;

/**
 * Which fields of a row hold what, found from the first row and the options.
 *
 * @param header whether the first row is a header and no example
 * @param width how many fields each row must have
 * @param text position of the text
 * @param pair position of the second text, or -1
 * @param label position of the label, or -1 where each label has a column of its own
 * @param labels those columns; empty where there is one column for all
 * @param source position of the source, or -1
 */
record Columns(boolean header, int width, int text, int pair, int label, List<LabelOf> labels, int source) {
    /** CoLA's columns: source, label, the author's mark, sentence. */
    private static final Columns COLA = new Columns(false, 4, 3, -1, 1, List.of(), 0);

    /** The column of a label. */
    record LabelOf(String name, int column) {}

    /**
     * Finds the columns.
     *
     * @throws OrtuneException if a column that was asked for is not there, or no text or label column can be told
     */
    static Columns of(String file, List<String> first, boolean alwaysNamed, ReadOptions options) {
        ColumnNames names = new ColumnNames(first);
        boolean header = alwaysNamed || options.namesColumn() || names.areHeader();
        if (!header && options.equals(ReadOptions.DEFAULTS) && isCola(first)) {
            return COLA;
        }
        FirstRow row = new FirstRow(file, header ? names : ColumnNames.NONE, first.size());
        boolean asked = options.textColumn() != null || options.pairColumn() != null;
        ColumnNames.Pair usual = asked ? ColumnNames.Pair.NONE : row.names().pair();
        int text = row.column(
                options.textColumn(),
                "--text-column",
                usual.first() >= 0 ? usual.first() : row.names().text());
        int pair = row.column(options.pairColumn(), "--pair-column", usual.second());
        List<LabelOf> labels = options.labelSets().columns().stream()
                .map(column -> row.label(column, header))
                .toList();
        int label = labels.isEmpty()
                ? row.column(
                        options.labelColumn(), "--label-column", row.names().label())
                : -1;
        if (text < 0 || (label < 0 && labels.isEmpty())) {
            throw row.untold(text < 0 ? "text" : "label");
        }
        row.requireOne(text, pair, label);
        row.requireOne(labels.stream().mapToInt(LabelOf::column).toArray());
        return new Columns(
                header, first.size(), text, pair, label, labels, row.names().find("source"));
    }

    private static boolean isCola(List<String> first) {
        return first.size() == 4 && first.get(1).matches("[01]");
    }

    /** The first row: its names (none if it is no header) and its width. */
    private record FirstRow(String file, ColumnNames names, int width) {
        /** Position of the column that an option gives by name or number, or else the usual one. */
        int column(String given, String option, int usual) {
            if (given == null) {
                return usual;
            }
            int position = ReadOptions.isPosition(given) ? Integer.parseInt(given) : names.find(given);
            if (position < 0 || position >= width) {
                throw new OrtuneException(file + ": " + option + " " + given + " is not there; " + columns());
            }
            return position;
        }

        /** One of {@code --label-columns}, called by its name in the header. */
        LabelOf label(String given, boolean header) {
            int position = column(given, "--label-columns", -1);
            return new LabelOf(header ? names.names().get(position).strip() : "LABEL_" + given, position);
        }

        /** A name stands for one column; the options' numbers tell such columns apart. */
        void requireOne(int... positions) {
            for (int position : positions) {
                String name = position < 0 || names.names().isEmpty()
                        ? ""
                        : names.names().get(position).strip();
                long columns = names.names().stream()
                        .filter(other -> other.strip().equals(name))
                        .count();
                if (!name.isEmpty() && columns > 1) {
                    throw new OrtuneException(file + ": " + columns + " columns are called " + Printable.of(name)
                            + "; give them other names, or leave the header out and number the columns");
                }
            }
        }

        OrtuneException untold(String what) {
            return new OrtuneException(file + ": cannot tell the " + what + " column; " + columns()
                    + "; name it with --" + what + "-column"
                    + (width == 1 && names.names().isEmpty()
                            ? "; where another character separates the columns, --delimiter names it"
                            : "")
                    + (what.equals("label") ? "; texts without labels are for \"ortune predict\"" : ""));
        }

        private String columns() {
            return names.names().isEmpty()
                    ? "there is no header, and the first row has columns 0 to " + (width - 1)
                    : "the columns are " + Printable.of(String.join(", ", names.names()));
        }
    }
}
