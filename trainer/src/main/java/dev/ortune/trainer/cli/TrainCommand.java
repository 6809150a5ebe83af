package dev.ortune.trainer.cli;

import dev.ortune.trainer.adaptation.AdaptationArguments;
import dev.ortune.trainer.training.DataArguments;
import dev.ortune.trainer.training.Execution;
import dev.ortune.trainer.training.FineTuning;
import dev.ortune.trainer.training.Run;
import dev.ortune.trainer.training.RunArguments;
import dev.ortune.trainer.training.TrainingArguments;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ortune train}: from a pretrained model and a data file to a fine-tuned model. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Fine-tune a pretrained model on a data set.",
        footer = {
            "",
            "Example:",
            "  ortune train --pretrained minilm-l6 --train models/data/cola/in_domain_train.tsv \\",
            "    --test models/data/cola/out_of_domain_dev.tsv --out models/cola-minilm",
            "  ortune train --resume models/cola-minilm"
        })
public final class TrainCommand extends RunCommand {
    @Option(
            names = "--pretrained",
            order = -2,
            paramLabel = "NAME|DIR",
            description = "The model to start from: what \"ortune pull\" brought, or any folder.")
    private String pretrained;

    @Mixin
    private DataOptions data;

    @Mixin
    private TrainingOptions training;

    @Mixin
    private AdaptationOptions adaptation;

    @Mixin
    private DeviceOptions device;

    @Override
    RunCommand again() {
        return new TrainCommand();
    }

    @Override
    Run run(RunArguments run) {
        if (data.knowsFiles()) {
            Usage.require(spec(), "--pretrained", "--out");
        } else {
            Usage.require(spec(), "--pretrained", "--train", "--out");
        }
        DataArguments sets = Usage.check(spec(), data::arguments);
        boolean updates = adaptation.trainsUpdates();
        Usage.check(
                spec(), () -> training.arguments(Execution.ON_CPU, data.metric(), () -> Integer.MAX_VALUE, updates));
        AdaptationArguments adapted = Usage.check(spec(), adaptation::arguments);
        TrainingArguments arguments =
                training.arguments(device.execution(spec()), data.metric(), sets::usualLength, updates);
        Path folder = Folders.pretrained(pretrained);
        return Usage.check(spec(), () -> new FineTuning(folder, sets, arguments, adapted, run, out(), overwrites()));
    }
}
