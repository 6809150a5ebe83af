package dev.ortune.trainer.cli;

import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.text.TruncationStrategy;
import dev.ortune.trainer.training.Execution;
import dev.ortune.trainer.training.TrainingArguments;
import java.util.function.IntSupplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The hyper-parameters of a training run. Every default of them is here or in the mixins. */
final class TrainingOptions {
    private static final double LEARNING_RATE = 2e-5;

    /** Updates that begin at zero learn at rates at which whole weights would forget (Hu et al. 2021, table 9). */
    private static final double LEARNING_RATE_OF_UPDATES = 4e-4;

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs (default: ${DEFAULT-VALUE}).")
    private int epochs = 4;

    @Option(
            names = {"--learning-rate", "--lr"},
            paramLabel = "X",
            description = "Highest learning rate (default: " + LEARNING_RATE + ", of low-rank updates "
                    + LEARNING_RATE_OF_UPDATES + ").")
    private Double learningRate;

    @Mixin
    private LoopOptions loop;

    @Mixin
    private ObjectiveOptions objective;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description =
                    "Tokens of a sentence, the rest is cut off; of a question with a part of its context, which is"
                            + " read in several (default: 128, of questions 384).")
    private Integer maxLength;

    @Option(
            names = "--truncation",
            paramLabel = "NAME",
            description = "Which text of a pair that is too long is cut: longest_first, only_first or only_second"
                    + " (default: as the pretrained model has it, mostly longest_first).")
    private TruncationStrategy truncation;

    @Option(names = "--pad-to-max", description = "Pad every batch to --max-length.")
    private boolean padToMax;

    @Option(names = "--group-by-length", description = "Batch sentences of like length together.")
    private boolean groupByLength;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description =
                    "Keep the checkpoint with the best mcc, accuracy, f1 or loss; of words with a label each the best"
                            + " f1, precision or recall of entities, accuracy or loss; of several labels a text f1_micro,"
                            + " f1_macro, exact_match, ranking_ap or loss; of texts that are written loss,"
                            + " token_accuracy or exact_match; of numbers pearson, spearman, rmse or loss; of"
                            + " answers f1, exact_match or loss; of choices accuracy or loss (default: the first of"
                            + " these).")
    private Metric metric;

    /**
     * @param usual what the best checkpoint is chosen by where nobody says; null to leave it to the task
     * @param usualLength tokens of a sentence where nobody says, asked for only then
     * @param updates whether low-rank updates are trained
     */
    TrainingArguments arguments(Execution execution, Metric usual, IntSupplier usualLength, boolean updates) {
        double usualRate = updates ? LEARNING_RATE_OF_UPDATES : LEARNING_RATE;
        int length = maxLength == null ? usualLength.getAsInt() : maxLength;
        return loop.arguments(
                new LoopOptions.Length(epochs, 0, learningRate == null ? usualRate : learningRate),
                new LoopOptions.Shape(length, padToMax, groupByLength, truncation),
                objective.objective(),
                metric == null ? usual : metric,
                execution);
    }
}
