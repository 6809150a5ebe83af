package dev.ortune.trainer.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.EvaluationText;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.Predictions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a model's outputs are worth. */
public interface Scoring {
    /** The output of a graph that says how much speaks for each label. */
    String LOGITS = "logits";

    /**
     * Asks a model about a whole set.
     *
     * @param batches the set; in any order, as each example's position comes with it
     * @param model gives a batch's outputs by name, row-major
     */
    Predictions predictions(Batches batches, Function<Batch, Map<String, float[]>> model);

    /**
     * What a checkpoint can be chosen by; the first is the usual one.
     *
     * @param labels of the model
     */
    List<Metric> metrics(Labels labels);

    /**
     * What a checkpoint is chosen by.
     *
     * @param asked what somebody asked for, or null for the usual one
     * @throws OrtuneException when that is not measured of such labels
     */
    default Metric metric(Metric asked, Labels labels) {
        List<Metric> measured = metrics(labels);
        if (asked != null && !measured.contains(asked)) {
            throw new OrtuneException("--metric " + asked + " is not measured here; "
                    + measured.stream().map(Metric::toString).collect(Collectors.joining(", ")) + " are");
        }
        return asked == null ? measured.get(0) : asked;
    }

    /** The same predictions, judged by what was tuned since they were made. */
    default Predictions judged(Predictions predictions) {
        return predictions;
    }

    /** What the name of a file of predictions ends with. */
    default String fileEnding() {
        return ".tsv";
    }

    /** Writes what the model said of each example. */
    void write(Path file, EncodedDataset set, Predictions predictions);

    /** MCC a batch; null where the task has no MCC. */
    BatchMcc batches(Predictions predictions, int batchSize);

    /** A table of what was measured, for people; see {@link EvaluationText}. */
    List<String> lines(Predictions predictions, int batchSize, Labels labels);

    /** The same, for programs. */
    ObjectNode json(Predictions predictions, int batchSize, Labels labels);
}
