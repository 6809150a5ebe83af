package dev.ortune.trainer.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.report.Predictions;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.text.TextTokenizer;

/**
 * What a model is to say of texts, written once: how its examples are read and become tokens ({@link #examples}), and how
 * good what the model says of them is ({@link #scoring}). What its graph has beyond the encoder's is the head's matter.
 */
public sealed interface Task
        permits TextClassification,
                TokenClassification,
                Regression,
                MultiLabel,
                QuestionAnswering,
                MultipleChoice,
                TextToText,
                FreeText {
    /** As Hugging Face calls it: {@code text-classification}. */
    String name();

    /** What transformers calls a model of it, after the encoder's name: {@code ForSequenceClassification}. */
    default String architecture() {
        return head(1, CrossEntropy.PLAIN).className();
    }

    /** Whether a model is of it, by its config.json. */
    default boolean isOf(JsonNode config) {
        return config.path("architectures").path(0).asText().endsWith(architecture());
    }

    /** The task as a model of it has it, by its config.json. */
    default Task of(JsonNode config) {
        return this;
    }

    /** Whether its labels exclude each other, so that they can be smoothed and have weights. */
    default boolean hasClasses() {
        return false;
    }

    /**
     * What a task is found to be.
     *
     * @param notice why, for a person; null where there was nothing to find
     */
    record Found(Task task, String notice) {}

    /**
     * The task with all that a data file by itself tells of it, before it is read for the task.
     *
     * @param named the labels of {@code --label-names}, or null
     */
    default Found found(String spec, ReadOptions columns, Labels named) {
        return new Found(this, null);
    }

    /** The task with all that a training set settles. */
    default Task fitted(Dataset train) {
        return this;
    }

    /** The task with all that is chosen by what a trained model says of the validation set. */
    default Task tuned(Predictions validation) {
        return this;
    }

    /** The task with all that a tokenizer settles. */
    default Task tokenised(Labels labels, TextTokenizer tokenizer) {
        return this;
    }

    /**
     * How many labels a model of it has.
     *
     * @param rows of the last layer
     */
    default int labels(JsonNode config, int rows) {
        return rows;
    }

    /** Adds to a model's config.json what transformers has no key for. */
    default void describe(ObjectNode config, Labels labels) {}

    /**
     * What a batch's mean loss was divided by, but for a factor that is the same for all batches: how much it counts beside
     * the others of a step.
     */
    default double weight(Batch batch, CrossEntropy loss) {
        return batch.size();
    }

    /**
     * Its end of a network.
     *
     * @param labels how many there are
     * @param loss what is minimised where labels exclude each other
     */
    Head head(int labels, CrossEntropy loss);

    /** Files to examples to tokens and targets. */
    Examples examples();

    /** What the model says to what it is worth. */
    Scoring scoring();

    /** Whether what it says are labels, which a model's configuration names. */
    default boolean hasLabels() {
        return true;
    }

    /** Tokens to cut a text to where nobody says otherwise. */
    default int maxLength() {
        return 128;
    }

    /** The same, with what a run of it wrote down in training_args.json. */
    default Task asDescribed(JsonNode arguments) {
        return this;
    }

    /**
     * Fails when a data set is plainly of another task.
     *
     * @param said who says that it is to be of this one, such as {@code --task}
     */
    default void requireFitting(String spec, ReadOptions columns, String said) {
        if (examples().isMeant(spec, columns)) {
            return;
        }
        Tasks.ALL.stream()
                .filter(task -> !task.name().equals(name()) && task.examples().isMeant(spec, columns))
                .findFirst()
                .ifPresent(other -> {
                    throw new OrtuneException(spec + ": holds "
                            + other.examples().kind() + ", which is " + other.name() + ", but " + said + " " + name());
                });
    }
}
