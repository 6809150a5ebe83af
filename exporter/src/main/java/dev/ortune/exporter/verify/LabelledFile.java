package dev.ortune.exporter.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Texts with labels from a file: {@code .tsv} (no quoting), {@code .csv} (RFC 4180) or {@code .jsonl}. A header names the
 * columns {@code sentence} or {@code text}, {@code pair} where there are pairs, and {@code label} where there are labels;
 * a TSV of four columns without a header is CoLA's.
 */
final class LabelledFile {
    private static final List<String> TEXT = List.of("sentence", "text", "sentence1");
    private static final List<String> PAIR = List.of("pair", "sentence2");
    private static final String LABEL = "label";

    private final Path file;
    private final List<String> labels;
    private final List<LabelledText> texts = new ArrayList<>();

    private LabelledFile(Path file, List<String> labels) {
        this.file = file;
        this.labels = labels;
    }

    /** All texts; {@code labels} are the model's, which the file has by name or by id. */
    static List<LabelledText> read(Path file, List<String> labels) {
        LabelledFile reader = new LabelledFile(file, labels);
        try {
            reader.read();
        } catch (NoSuchFileException e) {
            throw new OrtuneException(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new OrtuneException(file + ": is not UTF-8 text", e);
        } catch (CsvParseException | UncheckedIOException | IOException e) {
            throw new OrtuneException(
                    file + ": cannot be read (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
        if (reader.texts.isEmpty()) {
            throw new OrtuneException(file + ": holds no sentences");
        }
        return reader.texts;
    }

    private void read() throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".tsv")) {
            rows(Files.readAllLines(file).stream()
                    .map(line -> List.of(line.split("\t", -1)))
                    .toList());
        } else if (name.endsWith(".csv")) {
            try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(file)) {
                rows(csv.stream().map(CsvRecord::getFields).toList());
            }
        } else if (name.endsWith(".jsonl")) {
            objects(Files.readAllLines(file));
        } else {
            throw new OrtuneException(file + ": unknown format; .tsv, .csv and .jsonl are read");
        }
    }

    private void rows(List<List<String>> rows) {
        List<String> header = rows.isEmpty() ? List.of() : rows.get(0);
        int text = column(header, TEXT);
        boolean cola = text < 0 && header.size() == 4;
        if (text < 0 && !cola) {
            throw new OrtuneException(file + ": its first line names no column sentence or text");
        }
        int pair = column(header, PAIR);
        int label = cola ? 1 : header.indexOf(LABEL);
        for (int row = cola ? 0 : 1; row < rows.size(); row++) {
            List<String> cells = rows.get(row);
            if (cells.size() != header.size()) {
                throw new OrtuneException(file + ": line " + (row + 1) + ": " + cells.size()
                        + " columns where the first line has " + header.size());
            }
            add(
                    row + 1,
                    cells.get(cola ? 3 : text),
                    pair < 0 || cells.get(pair).isEmpty() ? null : cells.get(pair),
                    label < 0 ? null : cells.get(label));
        }
    }

    private static int column(List<String> header, List<String> names) {
        return names.stream()
                .mapToInt(header::indexOf)
                .filter(index -> index >= 0)
                .findFirst()
                .orElse(-1);
    }

    private void objects(List<String> lines) {
        ObjectMapper json = new ObjectMapper();
        for (int line = 0; line < lines.size(); line++) {
            try {
                JsonNode object = json.readTree(lines.get(line));
                add(line + 1, field(object, TEXT), field(object, PAIR), field(object, List.of(LABEL)));
            } catch (JsonProcessingException e) {
                throw new OrtuneException(file + ": line " + (line + 1) + ": is not valid JSON", e);
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

    private void add(int line, String text, String pair, String label) {
        if (text == null || text.isBlank()) {
            throw new OrtuneException(file + ": line " + line + ": the sentence is missing");
        }
        texts.add(new LabelledText(text, pair, label == null ? -1 : id(line, label.strip())));
    }

    private int id(int line, String label) {
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
                    + String.join(", ", labels));
        }
        return id;
    }
}
