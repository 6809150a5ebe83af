package dev.ortune.trainer.data;

/**
 * Which columns of a data file to read. A column is named as in the header (or as the key of the JSON objects), or is
 * its position counted from 0, as a decimal number. Null stands for the default: the first usual name that the header
 * holds, or CoLA's layout.
 *
 * @param textColumn the text, {@code --text-column}, or null
 * @param pairColumn the second text of a pair, {@code --pair-column}, or null
 * @param labelColumn the label, {@code --label-column}, or null
 */
public record ReadOptions(String textColumn, String pairColumn, String labelColumn) {
    /** Everything found from the file itself. */
    public static final ReadOptions DEFAULTS = new ReadOptions(null, null, null);

    /** Whether any column is given by name: then the first row must be a header. */
    boolean namesColumn() {
        return isName(textColumn) || isName(pairColumn) || isName(labelColumn);
    }

    static boolean isPosition(String column) {
        return column.matches("\\d{1,4}");
    }

    private static boolean isName(String column) {
        return column != null && !isPosition(column);
    }
}
