package dev.ortune.exporter.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipException;

/**
 * Texts with labels from a file: {@code .tsv} (no quoting, as GLUE has it), {@code .csv} (RFC 4180) or JSON lines
 * ({@code .jsonl}, {@code .ndjson}, {@code .json}), or SQuAD's JSON on one line, plain or packed as {@code .gz}, in UTF-8. {@link Columns} says which
 * columns are read; labels may be missing. Blank lines and a byte order mark are passed over. Without any labels are the
 * texts of {@link TextLines}.
 */
final class LabelledFile {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final Path file;
    private final DataColumns wanted;
    private final List<String> labels;
    private final Sample sample;
    private final ChoiceRows choices;
    private Columns columns;

    private LabelledFile(Path file, DataColumns wanted, List<String> labels, int most, boolean ofChoices) {
        this.file = file;
        this.wanted = wanted;
        this.labels = labels;
        this.sample = new Sample(most);
        this.choices = ofChoices ? new ChoiceRows(file, wanted, sample) : null;
    }

    /**
     * Texts from all over the file.
     *
     * @param wanted which columns
     * @param labels that a text can have one of, by name or by id; none where those of the file are not read
     * @param most texts to take
     * @throws OrtuneException that names the file, and the line where there is one, for whatever is wrong with it
     */
    static List<LabelledText> read(Path file, DataColumns wanted, List<String> labels, int most) {
        return read(new LabelledFile(file, wanted, labels, most, false));
    }

    /** Likewise texts with choices: {@link ChoiceRows} says how they are written. */
    static List<LabelledText> readChoices(Path file, DataColumns wanted, int most) {
        return read(new LabelledFile(file, wanted, List.of(), most, true));
    }

    private static List<LabelledText> read(LabelledFile reader) {
        Path file = reader.file;
        try (Utf8Lines lines = new Utf8Lines(file, DataFile.open(file))) {
            reader.read(lines);
        } catch (NoSuchFileException e) {
            throw new OrtuneException(file + ": no such file", e);
        } catch (ZipException e) {
            throw new OrtuneException(file + ": no valid gzip file: " + e.getMessage(), e);
        } catch (EOFException e) {
            throw new OrtuneException(file + ": the gzip file is cut off", e);
        } catch (IOException e) {
            throw new OrtuneException(
                    file + ": cannot be read (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
        List<LabelledText> texts = reader.sample.texts();
        if (texts.isEmpty()) {
            throw new OrtuneException(file + ": holds no sentences");
        }
        return texts;
    }

    private void read(Utf8Lines lines) throws IOException {
        String name = DataFile.plainName(file);
        switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "tsv" -> tabs(lines);
            case "csv" -> commas(lines);
            case "jsonl", "ndjson", "json" -> objects(lines);
            case "txt", "conll", "bio", "iob", "iob2" -> {
                if (choices != null) {
                    throw new OrtuneException(file + ": holds no choices; .tsv, .csv and .jsonl do, also with .gz");
                }
                new TextLines(name.endsWith(".txt"), sample).read(lines);
            }
            default ->
                throw new OrtuneException(
                        file + ": unknown format; .tsv, .csv, .jsonl, .txt and .conll are read, also with .gz");
        }
    }

    private void tabs(Utf8Lines lines) throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isBlank()) {
                row(lines.number(), List.of(withoutLineEnd(line).split("\t", -1)));
            }
        }
    }

    static String withoutLineEnd(String line) {
        int end = line.endsWith("\n") ? line.length() - 1 : line.length();
        return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
    }

    private void commas(Utf8Lines lines) throws IOException {
        // Whether there are columns too many or too few is said for both formats with the same words.
        try (CsvReader<CsvRecord> csv = CsvReader.builder()
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .ofCsvRecord(new LineReader(lines))) {
            csv.forEach(row -> row(row.getStartingLineNumber(), row.getFields()));
        } catch (CsvParseException e) {
            throw failure(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** FastCSV wraps what the lines beneath it throw, too. */
    private OrtuneException failure(CsvParseException e) {
        return e.getCause() instanceof OrtuneException said
                ? said
                : new OrtuneException(file + ": no valid CSV: " + Printable.of(String.valueOf(e.getMessage())), e);
    }

    private void row(long line, List<String> cells) {
        if (choices != null) {
            choices.row(line, cells);
            return;
        }
        if (columns == null) {
            columns = Columns.of(file, cells, false, wanted);
            if (columns.header()) {
                return;
            }
        }
        if (cells.size() != columns.width()) {
            throw Utf8Lines.error(file, line, cells.size() + " columns where the first line has " + columns.width());
        }
        add(line, cells.get(columns.text()), cell(cells, columns.pair()), cell(cells, columns.label()));
    }

    private static String cell(List<String> cells, int column) {
        return column < 0 ? null : cells.get(column);
    }

    private void objects(Utf8Lines lines) throws IOException {
        List<String> names = new ArrayList<>();
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.isBlank()) {
                continue;
            }
            JsonNode object = object(lines, line);
            if (choices != null) {
                choices.object(lines.number(), object);
                continue;
            }
            if (object.path("data").isArray()) {
                questions(lines.number(), object);
                continue;
            }
            if (columns == null) {
                object.fieldNames().forEachRemaining(names::add);
                columns = Columns.of(file, names, true, wanted);
            }
            add(
                    lines.number(),
                    field(object, names, columns.text()),
                    field(object, names, columns.pair()),
                    field(object, names, columns.label()));
        }
    }

    /** SQuAD's form: all in one object, questions beside their context. */
    private void questions(long line, JsonNode set) {
        columns = new Columns(true, 2, 0, 1, -1);
        for (JsonNode article : set.path("data")) {
            for (JsonNode paragraph : article.path("paragraphs")) {
                for (JsonNode question : paragraph.path("qas")) {
                    add(line, text(question, "question"), text(paragraph, "context"), null);
                }
            }
        }
    }

    private static String text(JsonNode object, String name) {
        return object.path(name).isTextual() ? object.path(name).textValue() : null;
    }

    private static JsonNode object(Utf8Lines lines, String line) {
        try {
            JsonNode object = JSON.readTree(line);
            if (!object.isObject()) {
                throw lines.error("is no JSON object");
            }
            return object;
        } catch (JsonProcessingException e) {
            throw lines.error("is not valid JSON");
        }
    }

    private static String field(JsonNode object, List<String> names, int column) {
        JsonNode value = column < 0 ? null : object.get(names.get(column));
        if (value != null
                && value.isArray()
                && !value.isEmpty()
                && value.valueStream().allMatch(JsonNode::isTextual)) {
            // A text as its words, the form that data sets of labelled tokens have.
            return value.valueStream().map(JsonNode::textValue).collect(Collectors.joining(" "));
        }
        return value == null || value.isNull() || value.isContainerNode() ? null : value.asText();
    }

    private void add(long line, String text, String pair, String label) {
        if (text == null || (columns.pair() >= 0 && pair == null)) {
            throw Utf8Lines.error(file, line, text == null ? "the sentence is missing" : "the second text is missing");
        }
        sample.add(new LabelledText(text, pair, label == null || labels.isEmpty() ? -1 : id(line, label.strip())));
    }

    private int id(long line, String label) {
        int named = labels.indexOf(label);
        if (named >= 0) {
            return named;
        }
        // As pandas writes integers when a column was once of floats: 1.0.
        String number = label.replaceFirst("\\.0+$", "");
        return IntStream.range(0, labels.size())
                .filter(id -> number.equals(Integer.toString(id)))
                .findFirst()
                .orElseThrow(() -> Utf8Lines.error(
                        file,
                        line,
                        "the label " + Printable.of(label) + " is not one of "
                                + Printable.of(String.join(", ", labels))));
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
