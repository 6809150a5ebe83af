package dev.ortune.trainer.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;

/** Comma-separated values by RFC 4180, quoted fields with line ends included. */
final class CsvRows implements RowReader {
    private final Utf8Lines lines;
    private final Iterator<CsvRecord> records;

    CsvRows(Utf8Lines lines) {
        this.lines = lines;
        // The number of columns is checked for all formats alike, with the same words.
        this.records = CsvReader.builder()
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .ofCsvRecord(new LineReader(lines))
                .iterator();
    }

    @Override
    public Row next() throws IOException {
        try {
            if (!records.hasNext()) {
                return null;
            }
            CsvRecord csv = records.next();
            return new Row(csv.getStartingLineNumber(), csv.getFields());
        } catch (CsvParseException e) {
            throw failure(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** FastCSV wraps what the lines beneath it throw, too. */
    private OrtuneException failure(CsvParseException e) {
        if (e.getCause() instanceof OrtuneException inLine) {
            return inLine;
        }
        String why = e.getCause() == null
                ? e.getMessage()
                : e.getMessage() + ": " + e.getCause().getMessage();
        return new OrtuneException(lines.file() + ": no valid CSV: " + Printable.of(why), e);
    }

    /** Gives FastCSV the characters of lines that were decoded and counted here. */
    private static final class LineReader extends Reader {
        private final Utf8Lines lines;
        private String line = "";
        private int position;

        LineReader(Utf8Lines lines) {
            this.lines = lines;
        }

        @Override
        public int read(char[] chars, int offset, int length) throws IOException {
            if (position == line.length()) {
                line = lines.next();
                position = 0;
            }
            if (line == null) {
                line = "";
                return -1;
            }
            int count = Math.min(length, line.length() - position);
            line.getChars(position, position + count, chars, offset);
            position += count;
            return count;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
