package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import java.util.List;

/** What a task takes of the rows of a file beside their texts, row by row until all are there. */
interface RowTargets {
    /**
     * Takes a row's.
     *
     * @throws OrtuneException that names the line when there is nothing in the row that the task could take
     */
    void add(RowReader.Row row, Columns columns);

    /** Fails when the first row of a file without a header looks like one. */
    default void requireExample(RowReader.Row first, Columns columns) {}

    /** Those of all rows. */
    All all();

    /**
     * The targets of all rows.
     *
     * @param labels that they refer to
     * @param targets in the rows' order
     * @param numbered what the numbers of a file were taken for; empty where there is nothing to say
     */
    record All(Labels labels, List<Target> targets, String numbered) {}
}
