package dev.ortune.exporter.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.io.IOException;
import java.io.LineNumberReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Texts with labels from a file: {@code .tsv} (no quoting), {@code .csv} (RFC 4180) or {@code .jsonl}, in UTF-8. A header
 * names the columns {@code sentence} or {@code text}, {@code pair} where there are pairs, and {@code label} where there are
 * labels; a TSV of four columns without a header is CoLA's. Blank lines and a byte order mark are passed over.
 */
final class LabelledFile {
    private static final List<String> TEXT = List.of("sentence", "text", "sentence1");
    private static final List<String> PAIR = List.of("pair", "sentence2");
    private static final String LABEL = "label";
    private static final Columns COLA = new Columns(false, 4, 3, -1, 1);

    private final Path file;
    private final List<String> labels;
    private final int most;
    private final List<LabelledText> texts = new ArrayList<>();

    private record Row(long line, List<String> cells) {}

    /** Where what is; -1 for what is not there. */
    private record Columns(boolean named, int count, int text, int pair, int label) {}

    private LabelledFile(Path file, List<String> labels, int most) {
        this.file = file;
        this.labels = labels;
        this.most = most;
    }

    /**
     * The first texts.
     *
     * @param labels the model's, which the file has by name or by id
     * @param most texts to read
     */
    static List<LabelledText> read(Path file, List<String> labels, int most) {
        LabelledFile reader = new LabelledFile(file, labels, most);
        try (LineNumberReader lines = TextFile.open(file)) {
            reader.read(lines);
        } catch (NoSuchFileException e) {
            throw new OrtuneException(file + ": no such file", e);
        } catch (CsvParseException | UncheckedIOException | IOException e) {
            throw reader.failure(e);
        }
        if (reader.texts.isEmpty()) {
            throw new OrtuneException(file + ": holds no sentences");
        }
        return reader.texts;
    }

    /** FastCSV and streams wrap what the file throws. */
    private OrtuneException failure(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof OrtuneException said) {
            return said;
        }
        if (cause instanceof CharacterCodingException) {
            return new OrtuneException(file + ": is not UTF-8 text", e);
        }
        return new OrtuneException(file + ": cannot be read (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
    }

    private void read(LineNumberReader lines) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".tsv")) {
            rows(lines.lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> new Row(lines.getLineNumber(), List.of(line.split("\t", -1))))
                    .iterator());
        } else if (name.endsWith(".csv")) {
            // Whether there are columns too many or too few is said for both formats with the same words.
            try (CsvReader<CsvRecord> csv = CsvReader.builder()
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .allowUnclosedQuote(false)
                    .ofCsvRecord(lines)) {
                rows(csv.stream()
                        .map(row -> new Row(row.getStartingLineNumber(), row.getFields()))
                        .iterator());
            }
        } else if (name.endsWith(".jsonl")) {
            objects(lines);
        } else {
            throw new OrtuneException(file + ": unknown format; .tsv, .csv and .jsonl are read");
        }
    }

    private void rows(Iterator<Row> rows) {
        Row first = rows.hasNext() ? rows.next() : new Row(1, List.of());
        Columns columns = columns(first.cells());
        if (!columns.named) {
            add(first, columns);
        }
        while (texts.size() < most && rows.hasNext()) {
            add(rows.next(), columns);
        }
    }

    private Columns columns(List<String> header) {
        int text = column(header, TEXT);
        if (text < 0 && header.size() == COLA.count) {
            return COLA;
        }
        if (text < 0) {
            throw new OrtuneException(file + ": its first line names no column sentence or text");
        }
        return new Columns(true, header.size(), text, column(header, PAIR), header.indexOf(LABEL));
    }

    private static int column(List<String> header, List<String> names) {
        return names.stream()
                .mapToInt(header::indexOf)
                .filter(index -> index >= 0)
                .findFirst()
                .orElse(-1);
    }

    private void add(Row row, Columns columns) {
        List<String> cells = row.cells();
        if (cells.size() != columns.count) {
            throw new OrtuneException(file + ": line " + row.line() + ": " + cells.size()
                    + " columns where the first line has " + columns.count);
        }
        add(
                row.line(),
                cells.get(columns.text),
                columns.pair < 0 ? null : cells.get(columns.pair),
                columns.label < 0 ? null : cells.get(columns.label));
    }

    private void objects(LineNumberReader lines) throws IOException {
        ObjectMapper json = new ObjectMapper();
        for (String line = lines.readLine(); line != null && texts.size() < most; line = lines.readLine()) {
            if (!line.isBlank()) {
                int number = lines.getLineNumber();
                try {
                    JsonNode object = json.readTree(line);
                    add(number, field(object, TEXT), field(object, PAIR), field(object, List.of(LABEL)));
                } catch (JsonProcessingException e) {
                    throw new OrtuneException(file + ": line " + number + ": is not valid JSON", e);
                }
            }
        }
    }

    private static String field(JsonNode object, List<String> names) {
        return names.stream()
                .map(object::path)
                .filter(JsonNode::isValueNode)
                .map(JsonNode::asText)
                .findFirst()
                .orElse(null);
    }

    private void add(long line, String text, String pair, String label) {
        if (text == null) {
            throw new OrtuneException(file + ": line " + line + ": the sentence is missing");
        }
        texts.add(new LabelledText(text, pair, label == null ? -1 : id(line, label.strip())));
    }

    private int id(long line, String label) {
        int named = labels.indexOf(label);
        if (named >= 0) {
            return named;
        }
        Integer id = IntStream.range(0, labels.size())
                .boxed()
                .filter(number -> label.equals(number.toString()))
                .findFirst()
                .orElse(null);
        if (id == null) {
            throw new OrtuneException(file + ": line " + line + ": the label " + Printable.of(label) + " is not one of "
                    + Printable.of(String.join(", ", labels)));
        }
        return id;
    }
}
