package dev.ortune.trainer.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Lines of a file of values that some character separates, of which the first are looked at to tell which: a comma, unless
 * only a semicolon or a tab makes names of columns of the first row, or a table of the first rows.
 */
final class DelimitedText {
    static final char COMMA = ',';
    private static final char[] DELIMITERS = {COMMA, ';', '\t'};
    private static final int LINES = 20;

    private final Utf8Lines lines;
    private final Deque<String> ahead = new ArrayDeque<>();

    DelimitedText(Utf8Lines lines) {
        this.lines = lines;
    }

    /** The next line with its line end, or null. */
    String next() throws IOException {
        return ahead.isEmpty() ? lines.next() : ahead.poll();
    }

    /** What separates the columns, as far as the first lines tell. */
    char delimiter(ReadOptions options) throws IOException {
        String line = lines.next();
        while (line != null && ahead.size() < LINES) {
            ahead.add(line);
            line = lines.next();
        }
        boolean isCut = line != null;
        if (isCut) {
            ahead.add(line);
        }
        String text = String.join("", ahead);
        List<List<Integer>> widths = new ArrayList<>();
        for (char delimiter : DELIMITERS) {
            List<CsvRecord> records = records(text, delimiter, isCut);
            ColumnNames names = records.isEmpty()
                    ? ColumnNames.NONE
                    : new ColumnNames(records.get(0).getFields());
            if ((names.areHeader() && names.names().size() > 1) || options.areAmong(names)) {
                return delimiter;
            }
            widths.add(records.stream().map(CsvRecord::getFieldCount).distinct().toList());
        }
        for (int i = 0; i < DELIMITERS.length; i++) {
            if (widths.get(i).size() == 1 && widths.get(i).get(0) > 1) {
                return DELIMITERS[i];
            }
        }
        return COMMA;
    }

    /** @param isCut whether the last one may be, as there are more lines than were looked at */
    private static List<CsvRecord> records(String text, char delimiter, boolean isCut) {
        List<CsvRecord> records = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .fieldSeparator(delimiter)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text)) {
            reader.forEach(records::add);
        } catch (IOException | CsvParseException e) {
            return records;
        }
        return isCut && records.size() > 1 ? records.subList(0, records.size() - 1) : records;
    }
}
