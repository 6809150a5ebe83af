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
import java.util.List;

/** Comma-separated values by RFC 4180, quoted fields with line ends included; also with another character for the comma. */
final class CsvRows implements RowReader {
    private final Utf8Lines lines;
    private final Iterator<CsvRecord> records;
    private final List<String> notices;

    private CsvRows(Utf8Lines lines, DelimitedText text, char delimiter, List<String> notices) {
        this.lines = lines;
        this.notices = notices;
        // The number of columns is checked for all formats alike, with the same words.
        this.records = CsvReader.builder()
                .fieldSeparator(delimiter)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .ofCsvRecord(new LineReader(text, lines))
                .iterator();
    }

    /** With a delimiter that somebody named. */
    static CsvRows of(Utf8Lines lines, char delimiter) {
        return new CsvRows(lines, new DelimitedText(lines), delimiter, List.of());
    }

    /** With the delimiter that the first lines tell. */
    static CsvRows detect(Utf8Lines lines, ReadOptions options) throws IOException {
        DelimitedText text = new DelimitedText(lines);
        char delimiter = text.delimiter(options);
        return new CsvRows(
                lines,
                text,
                delimiter,
                delimiter == DelimitedText.COMMA
                        ? List.of()
                        : List.of(lines.file() + ": " + (delimiter == ';' ? "semicolons" : "tabs")
                                + " are taken for what separates the columns; --delimiter says otherwise"));
    }

    @Override
    public List<String> notices() {
        return notices;
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
        private final DelimitedText text;
        private final Utf8Lines lines;
        private String line = "";
        private int position;

        LineReader(DelimitedText text, Utf8Lines lines) {
            this.text = text;
            this.lines = lines;
        }

        @Override
        public int read(char[] chars, int offset, int length) throws IOException {
            if (position == line.length()) {
                line = text.next();
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
