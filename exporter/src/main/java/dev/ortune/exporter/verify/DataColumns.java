package dev.ortune.exporter.verify;

/**
 * Which columns of a data file to read, each by its name in the header or by its position from 0; null for the first
 * usual name that the header holds.
 *
 * @param text {@code --text-column}, or null
 * @param pair the second text of a pair, {@code --pair-column}, or null
 * @param label {@code --label-column}, or null
 */
public record DataColumns(String text, String pair, String label) {
    /** Everything found from the file itself. */
    public static final DataColumns FOUND = new DataColumns(null, null, null);

    /** Whether one is given by its name: then the first row must be a header. */
    boolean areNamed() {
        return isName(text) || isName(pair) || isName(label);
    }

    static boolean isPosition(String column) {
        return column.matches("\\d{1,4}");
    }

    private static boolean isName(String column) {
        return column != null && !isPosition(column);
    }
}
