package dev.ortune.exporter.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * Takes examples with choices from rows, by the rules that {@code ortune train} reads them by: a column a choice, or of JSON a
 * list of texts, a list of objects with {@code text} and {@code label}, or an object with a list of either. The right one, its
 * place counted from 0, its label, a letter or its words, may be missing.
 */
final class ChoiceRows {
    private static final int MOST = 1000;
    private static final String TEXT = "text";
    private static final String LABEL = "label";

    private final Path file;
    private final DataColumns wanted;
    private final Sample sample;
    private List<String> names;
    private ChoiceColumns columns;

    ChoiceRows(Path file, DataColumns wanted, Sample sample) {
        this.file = file;
        this.wanted = wanted;
        this.sample = sample;
    }

    /** Takes the cells of a row; the first are the names of the columns. */
    void row(long line, List<String> cells) {
        if (columns == null) {
            columns = ChoiceColumns.of(file, cells, wanted);
        } else if (cells.size() != columns.width()) {
            throw error(line, cells.size() + " columns where the first line has " + columns.width());
        } else {
            add(line, cells::get, each(line, cells::get), List.of());
        }
    }

    /** Takes an object; the keys of the first are the names of the columns. */
    void object(long line, JsonNode object) {
        if (columns == null) {
            names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            columns = ChoiceColumns.of(file, names, wanted);
        }
        IntFunction<String> cells = column -> {
            JsonNode value = object.path(names.get(column));
            return value.isValueNode() && !value.isNull() ? value.asText() : null;
        };
        if (columns.list() < 0) {
            add(line, cells, each(line, cells), List.of());
            return;
        }
        JsonNode list = object.path(names.get(columns.list()));
        List<String> labels = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (JsonNode choice : list.isObject() ? list.path(TEXT) : list) {
            JsonNode text = choice.isObject() ? choice.path(TEXT) : choice;
            if (!text.isValueNode() || text.isNull()) {
                throw error(line, "choice " + texts.size() + ", counted from 0, is no text");
            }
            texts.add(text.asText());
            if (choice.path(LABEL).isValueNode()) {
                labels.add(choice.path(LABEL).asText());
            }
        }
        list.path(LABEL).forEach(label -> labels.add(label.asText()));
        if (!labels.isEmpty() && labels.size() != texts.size()) {
            throw error(line, texts.size() + " choices have " + labels.size() + " labels");
        }
        add(line, cells, texts, labels);
    }

    /** Those of columns: empty ones at the end are none. */
    private List<String> each(long line, IntFunction<String> cells) {
        List<String> texts = new ArrayList<>();
        for (int column : columns.each()) {
            String text = cells.apply(column);
            texts.add(text == null || text.isBlank() ? null : text);
        }
        while (!texts.isEmpty() && texts.get(texts.size() - 1) == null) {
            texts.remove(texts.size() - 1);
        }
        int gap = texts.indexOf(null);
        if (gap >= 0) {
            throw error(line, "choice " + gap + " is empty, but not those behind it; they are counted from 0");
        }
        return texts;
    }

    private void add(long line, IntFunction<String> cells, List<String> choices, List<String> labels) {
        String text = cells.apply(columns.text());
        String begun = columns.begun() < 0 ? null : cells.apply(columns.begun());
        if (text == null || (columns.begun() >= 0 && begun == null)) {
            throw error(line, "the " + (text == null ? "text" : "text that the choices go on with") + " is missing");
        }
        if (choices.size() < 2 || choices.size() > MOST) {
            throw error(
                    line,
                    (choices.isEmpty()
                                    ? "no choice"
                                    : choices.size() == 1 ? "a single choice" : choices.size() + " choices")
                            + "; there must be from 2 to " + MOST);
        }
        String right = columns.label() < 0 ? null : cells.apply(columns.label());
        sample.add(new LabelledText(text, begun, right(line, right, choices, labels), choices));
    }

    private int right(long line, String written, List<String> choices, List<String> labels) {
        if (written == null || written.isBlank() || written.strip().equals("-1")) {
            return -1;
        }
        String value = written.strip();
        int named = labels.indexOf(value);
        if (named >= 0) {
            return named;
        }
        // As pandas writes integers when a column was once of floats: 1.0.
        if (value.matches("\\d{1,9}(\\.0+)?")) {
            int place = (int) Double.parseDouble(value);
            if (place < choices.size()) {
                return place;
            }
            throw error(
                    line, "the right choice is " + place + ", but there are " + choices.size() + ", counted from 0");
        }
        int letter = value.length() == 1 ? value.toLowerCase(Locale.ROOT).charAt(0) - 'a' : -1;
        int words = letter >= 0 && letter < choices.size() ? letter : choices.indexOf(value);
        if (words < 0) {
            throw error(
                    line,
                    "\"" + Printable.of(value.substring(0, Math.min(value.length(), 40))) + "\" is none of the "
                            + choices.size()
                            + " choices: neither a place, counted from 0, nor a letter, nor one's words");
        }
        return words;
    }

    private OrtuneException error(long line, String what) {
        return Utf8Lines.error(file, line, what);
    }
}
