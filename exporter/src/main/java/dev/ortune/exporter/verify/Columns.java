package dev.ortune.exporter.verify;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import java.nio.file.Path;
import java.util.List;

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
        ColumnNames names = new ColumnNames(first);
        boolean header = alwaysNamed || wanted.areNamed() || names.areHeader();
        if (!header
                && wanted.equals(DataColumns.FOUND)
                && first.size() == 4
                && first.get(1).matches("[01]")) {
            return COLA;
        }
        FirstRow row = new FirstRow(file, header ? names : ColumnNames.NONE, first.size());
        boolean asked = wanted.text() != null || wanted.pair() != null;
        ColumnNames.Pair usual = asked ? ColumnNames.Pair.NONE : row.names().pair();
        int text = row.column(
                wanted.text(),
                "--text-column",
                usual.first() >= 0 ? usual.first() : row.names().text());
        if (text < 0) {
            throw new OrtuneException(
                    file + ": cannot tell the text column; " + row.columns() + "; name it with --text-column");
        }
        int pair = row.column(wanted.pair(), "--pair-column", usual.second());
        int label = row.column(wanted.label(), "--label-column", row.names().label());
        return new Columns(header, first.size(), text, pair, label);
    }

    /** The first row: its names (none if it is no header) and its width. */
    private record FirstRow(Path file, ColumnNames names, int width) {
        /** Position of the column that an option gives by name or number, or else the usual one. */
        int column(String given, String option, int usual) {
            if (given == null) {
                return usual;
            }
            int position = DataColumns.isPosition(given) ? Integer.parseInt(given) : names.find(given);
            if (position < 0 || position >= width) {
                throw new OrtuneException(file + ": " + option + " " + given + " is not there; " + columns());
            }
            return position;
        }

        String columns() {
            return names.names().isEmpty()
                    ? "there is no header, and the first row has columns 0 to " + (width - 1)
                    : "the columns are " + Printable.of(String.join(", ", names.names()));
        }
    }
}
