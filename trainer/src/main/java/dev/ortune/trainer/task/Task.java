package dev.ortune.trainer.task;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.task.head.CrossEntropy;

/**
 * What a model is to say of texts, written once: how its examples are read and become tokens ({@link #examples}), and how
 * good what the model says of them is ({@link #scoring}). What its graph has beyond the encoder's is the head's matter.
 */
public sealed interface Task permits TextClassification, TokenClassification {
    /** As Hugging Face calls it: {@code text-classification}. */
    String name();

    /** What transformers calls a model of it, after the encoder's name: {@code ForSequenceClassification}. */
    default String architecture() {
        return head(1, CrossEntropy.PLAIN).className();
    }

    /**
     * Its end of a network.
     *
     * @param labels how many there are
     * @param loss what is minimised
     */
    Head head(int labels, CrossEntropy loss);

    /** Files to examples to tokens and targets. */
    Examples examples();

    /** What the model says to what it is worth. */
    Scoring scoring();

    /**
     * Fails when a data set is plainly of another task.
     *
     * @param said who says that it is to be of this one, such as {@code --task}
     */
    default void requireFitting(String spec, ReadOptions columns, String said) {
        Tasks.ALL.stream()
                .filter(task -> !task.name().equals(name()) && task.examples().isMeant(spec, columns))
                .findFirst()
                .ifPresent(other -> {
                    throw new OrtuneException(spec + ": holds "
                            + other.examples().kind() + ", which is " + other.name() + ", but " + said + " " + name());
                });
    }
}
