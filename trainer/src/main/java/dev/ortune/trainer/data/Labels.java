package dev.ortune.trainer.data;

import java.util.List;

/**
 * The label names in the order of their ids: {@code names.get(id)} is what {@code id2label} holds in config.json. Data
 * sets with integer labels 0, 1, … name them {@code LABEL_0}, {@code LABEL_1}, … as Hugging Face does.
 */
public record Labels(List<String> names) {
    public Labels {
        names = List.copyOf(names);
    }

    public int count() {
        return names.size();
    }
}
