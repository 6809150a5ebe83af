package dev.ortune.predictor.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The labels' names in config.json, in the order of their ids. */
final class Labels {
    /** As many as transformers assumes where nothing is said. */
    private static final int COUNT = 2;

    private static final int MOST = 1 << 16;

    private Labels() {}

    /**
     * Of {@code id2label}; without it LABEL_0, LABEL_1 and so on, as transformers has it.
     *
     * @throws OrtuneException when one has no name, or none that fits on a line
     */
    static List<String> of(Path file, ObjectNode config) {
        JsonNode names = config.path("id2label");
        if (names.isMissingNode() || names.isNull()) {
            return numbered(file, config.path("num_labels"));
        }
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < names.size(); id++) {
            labels.add(name(file, names, id));
        }
        if (labels.isEmpty()) {
            throw new OrtuneException(file + ": id2label names no labels");
        }
        return labels;
    }

    private static List<String> numbered(Path file, JsonNode count) {
        int labels = count.asInt(COUNT);
        if (labels < 1 || labels > MOST) {
            throw new OrtuneException(
                    file + ": has no id2label, and num_labels is " + labels + ", not between 1 and " + MOST);
        }
        return IntStream.range(0, labels).mapToObj(id -> "LABEL_" + id).toList();
    }

    private static String name(Path file, JsonNode names, int id) {
        JsonNode name = names.path(String.valueOf(id));
        if (!name.isTextual()) {
            throw new OrtuneException(file + ": id2label has no name for label " + id);
        }
        if (!Printable.isPlain(name.textValue())) {
            throw new OrtuneException(file + ": id2label has control characters in " + Printable.of(name.textValue()));
        }
        return name.textValue();
    }
}
