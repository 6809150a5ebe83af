package dev.ortune.trainer.data;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tab-separated values as GLUE writes them: no quoting, so a {@code "} is a character like any other.
 *
 * @param delimiter what separates the columns, the tab unless somebody says otherwise
 */
record TsvRows(Utf8Lines lines, char delimiter) implements RowReader {
    @Override
    public Row next() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            String text = withoutLineEnd(line);
            if (!text.isBlank()) {
                return new Row(lines.number(), List.of(text.split(Pattern.quote(String.valueOf(delimiter)), -1)));
            }
        }
        return null;
    }

    /** A field that begins with a quote and does not end with one may go on in the next line. */
    @Override
    public String hint(Row row) {
        boolean open = row.fields().stream()
                .anyMatch(field -> field.startsWith("\"") != (field.endsWith("\"") && field.length() > 1));
        return open ? "; where quotes hold line ends or tabs, --quoting reads them as pandas writes them" : "";
    }

    @Override
    public boolean takesQuotesAsTheyAre() {
        return true;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private static String withoutLineEnd(String line) {
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\n') {
            end--;
        }
        if (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        return line.substring(0, end);
    }
}
