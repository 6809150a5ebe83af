package dev.ortune.trainer.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Datasets;
import dev.ortune.trainer.data.ReadOptions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** All tasks, and which of them something is for. */
public final class Tasks {
    /** Each without options. */
    static final List<Task> ALL = List.of(new TextClassification(), new TokenClassification(false));

    private Tasks() {}

    /**
     * The task of a name.
     *
     * @throws OrtuneException when there is none
     */
    public static Task named(String name) {
        return ALL.stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new OrtuneException("--task must be "
                        + ALL.stream().map(Task::name).collect(Collectors.joining(" or ")) + ", not " + name));
    }

    /** The task of a fine-tuned model, by the {@code architectures} of its config.json; empty where these tell none. */
    public static Optional<Task> ofModel(JsonNode config) {
        String architecture = config.path("architectures").path(0).asText();
        return ALL.stream()
                .filter(task -> architecture.endsWith(task.architecture()))
                .findFirst();
    }

    /**
     * The task of a data set, as {@link Datasets#open} understands its name.
     *
     * @throws OrtuneException when the file must be read to tell and cannot be
     */
    public static Task ofData(String spec, ReadOptions columns) {
        return ALL.stream()
                .filter(task -> task.examples().isMeant(spec, columns))
                .findFirst()
                .orElse(new TextClassification());
    }
}
