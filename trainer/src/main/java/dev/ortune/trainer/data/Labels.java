package dev.ortune.trainer.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The label names in the order of their ids: {@code names.get(id)} is what {@code id2label} holds in config.json. Data
 * sets with integer labels 0, 1, … name them {@code LABEL_0}, {@code LABEL_1}, … as Hugging Face does.
 *
 * @param byNumber whether files number the labels from 0 although their names are numbers, too
 */
public record Labels(List<String> names, boolean byNumber) {
    /** Of a task that has none. */
    public static final Labels NONE = new Labels(List.of());

    public Labels {
        names = List.copyOf(names);
    }

    public Labels(List<String> names) {
        this(names, false);
    }

    /** LABEL_0, LABEL_1, … */
    public static Labels numbered(int count) {
        return new Labels(
                IntStream.range(0, count).mapToObj(id -> "LABEL_" + id).toList());
    }

    Labels numberedFromZero() {
        return new Labels(names, true);
    }

    public int count() {
        return names.size();
    }
}
