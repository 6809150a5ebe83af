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

    /** Whether the first row is a header by the format itself, as with the keys of JSON objects. */
    default boolean alwaysNamed() {
        return false;
    }
}
