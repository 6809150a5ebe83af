package dev.ortune.trainer.task;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.text.TextTokenizer;

/** The data of a task. */
public interface Examples {
    /** What they are, after "holds": {@code words with a label each}. */
    String kind();

    /**
     * Whether a data set can be of this task alone, as far as its name tells and, where that leaves it open, its first line.
     *
     * @param spec what a person typed
     */
    boolean isMeant(String spec, ReadOptions columns);

    /**
     * Reads a data set.
     *
     * @param known the labels of an existing model, which the set's must be among; null to discover them
     * @throws OrtuneException that names the file, and the line where there is one, for whatever is wrong with it
     */
    Dataset read(String spec, ReadOptions columns, Labels known);

    /**
     * Fails for a training set that nothing can be learnt from, or that has not the labels that were named for it.
     *
     * @param named the labels of {@code --label-names}, or null
     */
    void requireTrainable(Dataset train, Labels named);

    /** How a tokenizer must be set up for them. */
    default TextTokenizer.Form form() {
        return TextTokenizer.Form.TEXTS;
    }

    /** Makes tokens and targets of every example, several at once. */
    EncodedDataset encode(Dataset dataset, TextTokenizer tokenizer);
}
