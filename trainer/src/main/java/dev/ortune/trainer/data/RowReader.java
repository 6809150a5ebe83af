package dev.ortune.trainer.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Reads a data file row by row. */
interface RowReader extends Closeable {
    /**
     * One row.
     *
     * @param line the line it begins in, counted from 1
     * @param fields its fields in the order of the columns; null where a JSON object has no such key or a null
     */
    record Row(long line, List<String> fields) {}

    /** The next row, or null at the end. Blank lines are skipped. */
    Row next() throws IOException;

    /** What is odd about the file, a line each, once all rows were read. */
    default List<String> notices() {
        return List.of();
    }

    /** What may be the cause of a row of too few or too many columns, to be added to a message; empty for no idea. */
    default String hint(Row row) {
        return "";
    }

    /** Whether a {@code "} is a character like any other. */
    default boolean takesQuotesAsTheyAre() {
        return false;
    }

    /** Whether the first row is a header by the format itself, as with the keys of JSON objects. */
    default boolean alwaysNamed() {
        return false;
    }
}
