package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.task.TokenClassification;
import dev.ortune.trainer.training.BatchArguments;
import dev.ortune.trainer.training.DataArguments;
import dev.ortune.trainer.training.EvaluationArguments;
import dev.ortune.trainer.training.Execution;
import dev.ortune.trainer.training.LearningRateSchedule;
import dev.ortune.trainer.training.Objective;
import dev.ortune.trainer.training.ScheduleArguments;
import dev.ortune.trainer.training.TrainingArguments;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The defaults are those of the tutorial; each stands in the code once, and here. */
class TrainingOptionsTest {
    @Test
    void theDefaultsAreTheTutorials() {
        Options options = parse("--train=train.tsv");
        assertThat(options.training.arguments(Execution.ON_CPU, null, () -> 128, false))
                .isEqualTo(new TrainingArguments(
                        new ScheduleArguments(4, 2e-5, LearningRateSchedule.Kind.LINEAR, 0.1),
                        new BatchArguments(32, 1, 128, false, false),
                        new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.1, 1.0),
                        new Objective(0, new Objective.Equal()),
                        new EvaluationArguments(0, 0, null),
                        42,
                        0,
                        Execution.ON_CPU));
        assertThat(options.data.arguments())
                .isEqualTo(new DataArguments(
                        "train.tsv",
                        null,
                        null,
                        null,
                        ReadOptions.DEFAULTS,
                        null,
                        new DataArguments.Split(0.1, 2018),
                        0));
    }

    @Test
    void everyOptionArrives() {
        Options options =
                parse("--train=a.csv --validation=b.csv --test=c.csv --validation-split=0.2 --split-seed=7 --limit=9"
                        + " --text-column=t --pair-column=p --label-column=3 --label-names=no,yes"
                        + " --task=token-classification --label-all-tokens --epochs=2 --batch-size=8"
                        + " --gradient-accumulation-steps=4 --lr=1e-3 --schedule=cosine --warmup-ratio=0.2"
                        + " --optimizer=bert-adam --weight-decay=0.01 --max-grad-norm=0.5 --adam-beta1=0.8"
                        + " --adam-beta2=0.98 --adam-epsilon=1e-6 --label-smoothing=0.1 --class-weights=balanced"
                        + " --seed=1 --max-length=64 --pad-to-max --group-by-length --eval-steps=50"
                        + " --early-stopping=3 --metric=f1 --threads=2");
        assertThat(options.training.arguments(Execution.ON_CPU, null, () -> 128, false))
                .isEqualTo(new TrainingArguments(
                        new ScheduleArguments(2, 1e-3, LearningRateSchedule.Kind.COSINE, 0.2),
                        new BatchArguments(8, 4, 64, true, true),
                        new Optimizer(Optimizer.Kind.BERT_ADAM, 0.8, 0.98, 1e-6, 0.01, 0.5),
                        new Objective(0.1, new Objective.Balanced()),
                        new EvaluationArguments(50, 3, Metric.F1),
                        1,
                        2,
                        Execution.ON_CPU));
        assertThat(options.data.arguments())
                .isEqualTo(new DataArguments(
                        "a.csv",
                        "b.csv",
                        "c.csv",
                        new TokenClassification(true),
                        new ReadOptions("t", "p", "3"),
                        new Labels(List.of("no", "yes")),
                        new DataArguments.Split(0.2, 7),
                        9));
    }

    @Test
    void theBuiltinSetBringsItsOwnValidationAndTest() {
        DataArguments data = parse("--train=builtin").data.arguments();
        assertThat(data.validation()).isEqualTo("builtin:validation");
        assertThat(data.test()).isEqualTo("builtin:test");
        assertThat(parse("--train=builtin --test=mine.tsv").data.arguments().test())
                .isEqualTo("mine.tsv");
    }

    @Test
    void stepsAreCountedInWholeBatches() {
        TrainingArguments arguments = parse("--train=x --batch-size=32 --gradient-accumulation-steps=2 --epochs=4")
                .training
                .arguments(Execution.ON_CPU, null, () -> 128, false);
        assertThat(arguments.batches().stepsPerEpoch(64)).isEqualTo(1);
        assertThat(arguments.batches().stepsPerEpoch(65)).isEqualTo(2);
        assertThat(arguments.totalSteps(65)).isEqualTo(8);
    }

    private static Options parse(String line) {
        Options options = new Options();
        Ortune.withChoices(new CommandLine(options)).parseArgs(line.split(" ", -1));
        return options;
    }

    @Command
    private static final class Options {
        @Mixin
        private DataOptions data;

        @Mixin
        private TrainingOptions training;
    }
}
