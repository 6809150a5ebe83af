package dev.ortune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads examples with choices of which one is right: SWAG's columns (sent1, sent2, ending0 …, label), or others' of the same
 * kind, from the formats of {@link DatasetReader}; of JSON lines also {@code choices} as a list of texts, as a list of objects
 * with {@code text} and {@code label}, or as an object with a list of either. Rows may have different numbers of choices. The
 * right one is its place, counted from 0, its own label, a letter, or its words.
 */
final class ChoiceReader {
    private static final String TEXT = "text";
    private static final String LABEL = "label";

    private final String file;
    private final ReadOptions options;
    private final List<Example> examples = new ArrayList<>();
    private int broken;

    private ChoiceReader(String file, ReadOptions options) {
        this.file = file;
        this.options = options;
    }

    /**
     * The choices of a row.
     *
     * @param texts of each
     * @param labels what they are called, such as A, B, …; empty where they have no names
     */
    private record Choices(List<String> texts, List<String> labels) {}

    /** Whether a file has choices, as far as its name and its first row tell. */
    static boolean reads(Path file, ReadOptions options) {
        return DatasetReader.reads(file)
                && DatasetReader.guarded(file, options, rows -> {
                    RowReader.Row first = rows.next();
                    return first != null && ChoiceColumns.areThere(first.fields(), options);
                });
    }

    /**
     * Reads a whole file.
     *
     * @throws OrtuneException that names the file, and the line where there is one, for whatever is wrong with it
     */
    static Dataset read(Path file, ReadOptions options) {
        if (options.labelSets().isSaid()) {
            throw new OrtuneException(file + ": --label-columns and --label-separator are for --task multi-label");
        }
        return DatasetReader.guarded(file, options, rows -> new ChoiceReader(file.toString(), options).read(rows));
    }

    private Dataset read(RowReader rows) throws IOException {
        RowReader.Row first = rows.next();
        if (first == null) {
            throw new OrtuneException(file + ": the file is empty");
        }
        ChoiceColumns columns = ChoiceColumns.of(file, first.fields(), options);
        for (RowReader.Row row = rows.next(); row != null; row = rows.next()) {
            if (row.fields().size() == columns.width()) {
                add(row, columns);
            } else if (options.skipsBrokenRows()) {
                broken++;
            } else {
                throw error(
                        row,
                        row.fields().size() + " columns where the first row has " + columns.width() + rows.hint(row));
            }
        }
        if (examples.isEmpty()) {
            throw new OrtuneException(file + ": a header but no rows");
        }
        List<String> notices = new ArrayList<>(rows.notices());
        if (broken > 0) {
            notices.add(file + ": " + broken + (broken == 1 ? " row" : " rows") + " without all columns left out");
        }
        return new Dataset(file, examples, Labels.NONE, new Reading("", notices));
    }

    private void add(RowReader.Row row, ChoiceColumns columns) {
        String text = text(row, row.fields().get(columns.text()), "text");
        String begun = columns.begun() < 0
                ? null
                : text(row, row.fields().get(columns.begun()), "text that the choices go on with");
        Choices choices = columns.list() < 0 ? each(row, columns) : list(row, columns.list());
        int count = choices.texts().size();
        if (count < 2 || count > Target.Choices.MOST) {
            throw error(
                    row,
                    (count == 0 ? "no choice" : count == 1 ? "a single choice" : count + " choices")
                            + "; there must be from 2 to " + Target.Choices.MOST);
        }
        int right = right(row, row.fields().get(columns.label()), choices);
        String source = columns.source() < 0 ? null : row.fields().get(columns.source());
        examples.add(new Example(
                text, begun, new Target.Choices(choices.texts(), right), source == null ? "" : source, row.line()));
    }

    private String text(RowReader.Row row, String text, String what) {
        if (text == null) {
            throw error(row, "the " + what + " is missing");
        }
        return TextTokenizer.wellFormed(text);
    }

    /** Those of columns: empty ones at the end are none, so that rows may have fewer. */
    private Choices each(RowReader.Row row, ChoiceColumns columns) {
        List<String> texts = new ArrayList<>();
        for (int column : columns.each()) {
            String text = row.fields().get(column);
            texts.add(text == null || text.isBlank() ? null : TextTokenizer.wellFormed(text));
        }
        while (!texts.isEmpty() && texts.get(texts.size() - 1) == null) {
            texts.remove(texts.size() - 1);
        }
        int gap = texts.indexOf(null);
        if (gap >= 0) {
            throw error(row, "choice " + gap + " is empty, but not those behind it; they are counted from 0");
        }
        return new Choices(texts, List.of());
    }

    private Choices list(RowReader.Row row, int column) {
        JsonNode json = JsonRows.node(row, column);
        if (json == null || !json.isContainerNode()) {
            throw error(row, "the choices are no list; .jsonl has lists, other files a column a choice");
        }
        JsonNode texts = json.isObject() ? json.path(TEXT) : json;
        List<String> found = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (JsonNode choice : texts) {
            JsonNode text = choice.isObject() ? choice.path(TEXT) : choice;
            if (!text.isValueNode() || text.isNull()) {
                throw error(row, "choice " + found.size() + ", counted from 0, is no text");
            }
            found.add(TextTokenizer.wellFormed(text.asText()));
            if (choice.path(LABEL).isValueNode()) {
                labels.add(choice.path(LABEL).asText());
            }
        }
        json.path(LABEL).forEach(label -> labels.add(label.asText()));
        if (!labels.isEmpty() && labels.size() != found.size()) {
            throw error(row, found.size() + " choices have " + labels.size() + " labels");
        }
        return new Choices(found, labels);
    }

    private int right(RowReader.Row row, String written, Choices choices) {
        if (written == null || written.isBlank()) {
            throw error(row, "the right choice is missing");
        }
        String value = written.strip();
        int count = choices.texts().size();
        int named = choices.labels().indexOf(value);
        if (named >= 0) {
            return named;
        }
        if (LabelColumn.isInteger(value)) {
            int place = (int) Double.parseDouble(value);
            if (place < 0 || place >= count) {
                throw error(
                        row,
                        "the right choice is " + place + ", but there are " + count + ", counted from 0"
                                + (place == -1 ? "; one that is not known is for \"ortune predict\"" : ""));
            }
            return place;
        }
        int letter = value.length() == 1 ? value.toLowerCase(Locale.ROOT).charAt(0) - 'a' : -1;
        if (letter >= 0 && letter < count) {
            return letter;
        }
        int words = choices.texts().indexOf(value);
        if (words < 0) {
            throw error(
                    row,
                    "\"" + Printable.of(LabelColumn.shortened(value)) + "\" is none of the " + count
                            + " choices: neither a place, counted from 0, nor a letter, nor one's words");
        }
        return words;
    }

    private OrtuneException error(RowReader.Row row, String what) {
        return Utf8Lines.error(file, row.line(), what);
    }
}
