package dev.ortune.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** JSON lines: one object a line. The keys of the first are the columns; others may come in any order. */
final class JsonRows implements RowReader {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build()
            .readerFor(JsonNode.class);

    private final Utf8Lines lines;
    private List<String> columns;
    private JsonNode first;

    JsonRows(Utf8Lines lines) {
        this.lines = lines;
    }

    @Override
    public boolean alwaysNamed() {
        return true;
    }

    /** First the keys of the first object, then the objects' values. */
    @Override
    public Row next() throws IOException {
        JsonNode object = first == null ? nextObject() : first;
        if (object == null) {
            return null;
        }
        if (columns == null) {
            first = object;
            columns = new ArrayList<>();
            object.fieldNames().forEachRemaining(columns::add);
            return new Row(lines.number(), columns);
        }
        first = null;
        return new Row(lines.number(), values(object));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** The next object, lists and all, or null at the end; not to be mixed with {@link #next}. */
    JsonNode nextObject() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isBlank()) {
                return object(line);
            }
        }
        return null;
    }

    /** The line of the object that was given last. */
    long line() {
        return lines.number();
    }

    /** An error at that line. */
    OrtuneException error(String what) {
        return lines.error(what);
    }

    private JsonNode object(String line) throws IOException {
        try {
            JsonNode node = JSON.readTree(line);
            if (!node.isObject()) {
                throw lines.error("a JSON object a line is wanted, here is a JSON " + kind(node));
            }
            return node;
        } catch (JsonProcessingException e) {
            throw lines.error("malformed JSON: " + Printable.of(JsonFile.why(e)));
        }
    }

    /** The values of a field that is a list; empty for a row or a field that is none. */
    static Optional<List<String>> list(Row row, int column) {
        return row.fields() instanceof Values values ? values.list(column) : Optional.empty();
    }

    /** A field as it is, whatever it holds; null for a row or a field that is none. */
    static JsonNode node(Row row, int column) {
        return row.fields() instanceof Values values ? values.node(column) : null;
    }

    private List<String> values(JsonNode object) {
        return new Values(object);
    }

    /** The fields of an object, looked up when asked for: columns that nobody reads may hold anything. */
    private final class Values extends AbstractList<String> {
        private final JsonNode object;

        Values(JsonNode object) {
            this.object = object;
        }

        @Override
        public String get(int column) {
            return value(object, columns.get(column));
        }

        @Override
        public int size() {
            return columns.size();
        }

        JsonNode node(int column) {
            return object.get(columns.get(column));
        }

        Optional<List<String>> list(int column) {
            JsonNode value = object.path(columns.get(column));
            if (!value.isArray()) {
                return Optional.empty();
            }
            List<String> elements = new ArrayList<>();
            for (JsonNode element : value) {
                if (element.isContainerNode() || element.isNull()) {
                    throw lines.error("\"" + Printable.of(columns.get(column)) + "\" holds more than a list of labels");
                }
                elements.add(element.asText());
            }
            return Optional.of(elements);
        }
    }

    private String value(JsonNode object, String column) {
        JsonNode value = object.path(column);
        if (value.isContainerNode()) {
            throw lines.error("\"" + Printable.of(column) + "\" holds a JSON " + kind(value) + ", not one value");
        }
        return value.isNull() || value.isMissingNode() ? null : value.asText();
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
