package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import java.util.stream.Stream;

/**
 * Which columns of a data file to read. A column is named as in the header (or as the key of the JSON objects), or is
 * its position counted from 0, as a decimal number. Null stands for the default: the first usual name that the header
 * holds, or CoLA's layout.
 *
 * @param textColumn the text, {@code --text-column}, or null
 * @param pairColumn the second text of a pair, {@code --pair-column}, or null
 * @param labelColumn the label, {@code --label-column}, or null
 * @param delimiter what separates the columns, {@code --delimiter}, or null to tell it by the file
 * @param quoting whether fields of a {@code .tsv} may stand in quotes, as those of a {@code .csv} may, {@code --quoting}
 * @param labelSets how several labels a text are written
 * @param skipsBrokenRows whether rows of too few or too many columns are left out and counted, as a published set has some
 */
public record ReadOptions(
        String textColumn,
        String pairColumn,
        String labelColumn,
        Character delimiter,
        boolean quoting,
        LabelSets labelSets,
        boolean skipsBrokenRows) {
    /** Everything found from the file itself. */
    public static final ReadOptions DEFAULTS = new ReadOptions(null, null, null);

    /** Which columns, and all else as the file's name tells. */
    public ReadOptions(String textColumn, String pairColumn, String labelColumn) {
        this(textColumn, pairColumn, labelColumn, null, false);
    }

    /** One label a text. */
    public ReadOptions(String textColumn, String pairColumn, String labelColumn, Character delimiter, boolean quoting) {
        this(textColumn, pairColumn, labelColumn, delimiter, quoting, LabelSets.UNSAID, false);
    }

    /** Fails for a file that is no table when something was said of a table's characters. */
    void requireNoDelimiter(String file) {
        if (delimiter != null || quoting) {
            throw new OrtuneException(
                    file + ": " + (delimiter != null ? "--delimiter" : "--quoting") + " is for .csv and .tsv");
        }
    }

    /** Whether columns are given by name, and all of these are there. */
    boolean areAmong(ColumnNames names) {
        return namesColumn() && columns().filter(ReadOptions::isName).allMatch(column -> names.find(column) >= 0);
    }

    private Stream<String> columns() {
        return Stream.concat(Stream.of(textColumn, pairColumn, labelColumn), labelSets.columns().stream());
    }

    /** Whether any column is given by name: then the first row must be a header. */
    boolean namesColumn() {
        return columns().anyMatch(ReadOptions::isName);
    }

    static boolean isPosition(String column) {
        return column.matches("\\d{1,4}");
    }

    private static boolean isName(String column) {
        return column != null && !isPosition(column);
    }
}
