package dev.ortune.trainer.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Datasets;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All tasks, and which of them something is for. */
public final class Tasks {
    /** Each without options. */
    static final List<Task> ALL = List.of(
            new TextClassification(),
            new Regression(),
            new MultiLabel(new PositiveWeights.Equal()),
            new QuestionAnswering(),
            new MultipleChoice(),
            new TextToText(Prefix.NONE, new FreeText(Prefix.NONE, FreeText.USUAL_LENGTH)),
            new FreeText(Prefix.NONE, FreeText.USUAL_LENGTH),
            new TokenClassification(false));

    /** Names of data sets that stand for a task as they need it. */
    private static final Map<String, Task> PRESETS = Map.of(
            "squad", new QuestionAnswering(NoAnswer.NEVER),
            "squad_v2", new QuestionAnswering(NoAnswer.POSSIBLE),
            "swag", new MultipleChoice());

    /** Their files, as their authors publish them. */
    private static final Map<String, Glue.Files> FILES = Map.of(
            "squad", new Glue.Files("train-v1.1.json", "dev-v1.1.json", null),
            "squad_v2", new Glue.Files("train-v2.0.json", "dev-v2.0.json", null),
            "swag", new Glue.Files("train.csv", "val.csv", null));

    private Tasks() {}

    /** The files of the data set that a name after {@code --task} stands for; empty where it stands for none. */
    public static Optional<Glue.Files> files(String name) {
        return Glue.named(name).map(Glue::files).or(() -> Optional.ofNullable(FILES.get(name)));
    }

    /**
     * The task of a name.
     *
     * @throws OrtuneException when there is none
     */
    public static Task named(String name) {
        return ALL.stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .or(() -> Optional.ofNullable(PRESETS.get(name)))
                .orElseThrow(() -> new OrtuneException("--task must be one of "
                        + Stream.concat(
                                        ALL.stream().map(Task::name).distinct(),
                                        PRESETS.keySet().stream().sorted())
                                .collect(Collectors.joining(", "))
                        + ", or of " + Glue.names()
                        + ", not " + name));
    }

    /** The task of a fine-tuned model, by its config.json; empty where that tells none. */
    public static Optional<Task> ofModel(JsonNode config) {
        return ALL.stream()
                .filter(task -> task.isOf(config))
                .map(task -> task.of(config))
                .findFirst();
    }

    /** The task that a data set can only be of, which the beginning of its file tells; empty where it may be of several. */
    public static Optional<Task> meantBy(String spec, ReadOptions columns) {
        return ALL.stream()
                .filter(task -> task.examples().isMeant(spec, columns))
                .findFirst();
    }

    /**
     * The task of a data set, as {@link Datasets#open} understands its name. Numbers with decimals are learnt as numbers,
     * unless somebody named them.
     *
     * @param named the labels of {@code --label-names}, or null
     * @throws OrtuneException when the file must be read to tell and cannot be
     */
    public static Task ofData(String spec, ReadOptions columns, Labels named) {
        return meantBy(spec, columns)
                .orElseGet(() -> named == null && Datasets.holdNumbers(spec, columns, false)
                        ? new Regression()
                        : new TextClassification());
    }
}
