package dev.ortune.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Answers the rows of a partition; what a task runs.
 *
 * @param counts of the rows
 */
record PartitionScorer(
        ModelFiles.Place place,
        ScoringOptions options,
        Inputs inputs,
        Output output,
        OutputNames names,
        int width,
        Bad bad,
        Counts counts)
        implements MapPartitionsFunction<Row, Row> {
    /**
     * What all tasks add up.
     *
     * @param rows those that are given
     * @param unanswered those without an answer
     */
    record Counts(LongAccumulator rows, LongAccumulator unanswered) implements Serializable {}

    private static final String GPU = "gpu";

    @Override
    public Iterator<Row> call(Iterator<Row> partition) {
        TaskContext task = TaskContext.get();
        ExecutorModels.Lease lease = ExecutorModels.lease(place, placed(task));
        task.addTaskCompletionListener((TaskCompletionListener) ended -> lease.close());
        return new ScoredRows(partition, lease.predictor(), this);
    }

    /** A task that Spark has given a GPU runs on that one. */
    private ScoringOptions placed(TaskContext task) {
        if (!options.device().startsWith("cuda")) {
            return options;
        }
        List<String> gpus = task.resources().contains(GPU)
                ? List.of(task.resources().apply(GPU).addresses())
                : List.of();
        return gpus.isEmpty() ? options : options.on(gpus.get(0));
    }
}
