package dev.ortune.trainer.training;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.BatchSampler;
import dev.ortune.trainer.data.BatchSource;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.Metrics;
import dev.ortune.trainer.task.head.CrossEntropy;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What a loop goes through and is judged by.
 *
 * @param train the training set
 * @param weight what a batch's mean loss was divided by, but for a factor that is the same for all batches
 * @param validation how good the model is on the validation set; null without one
 * @param metric which checkpoint is the best
 */
record LoopData(BatchSource train, ToDoubleFunction<Batch> weight, Validation validation, Metric metric) {
    /** A set by which a model is judged. */
    @FunctionalInterface
    interface Validation {
        /**
         * What it is worth there.
         *
         * @param model gives a batch's outputs by name, row-major
         */
        Metrics of(Function<Batch, Map<String, float[]>> model);
    }

    /** Of a task's examples in memory. */
    static LoopData of(EncodedSets sets, TrainingArguments arguments) {
        CrossEntropy loss = arguments.objective().loss(sets.train().dataset());
        Batches train = batches(sets, sets.train(), arguments.batches().sampler(arguments.seed()), arguments);
        Validation validation = sets.validation() == null
                ? null
                : model -> sets.task()
                        .scoring()
                        .predictions(
                                batches(sets, sets.validation(), new BatchSampler.LengthGrouped(0), arguments), model)
                        .metrics();
        return new LoopData(
                train,
                batch -> sets.task().weight(batch, loss),
                validation,
                sets.metric(arguments.evaluation().metric()));
    }

    private static Batches batches(
            EncodedSets sets, EncodedDataset set, BatchSampler sampler, TrainingArguments arguments) {
        return new Batches(
                set,
                sampler,
                arguments.batches().collator(sets.padId()),
                arguments.batches().size());
    }
}
