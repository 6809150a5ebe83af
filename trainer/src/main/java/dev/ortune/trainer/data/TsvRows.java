package dev.ortune.trainer.data;

import java.io.IOException;
import java.util.List;

/** Tab-separated values as GLUE writes them: no quoting, so a {@code "} is a character like any other. */
record TsvRows(Utf8Lines lines) implements RowReader {
    @Override
    public Row next() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            String text = withoutLineEnd(line);
            if (!text.isBlank()) {
                return new Row(lines.number(), List.of(text.split("\t", -1)));
            }
        }
        return null;
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
