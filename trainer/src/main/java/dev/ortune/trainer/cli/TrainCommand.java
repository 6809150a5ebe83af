package dev.ortune.trainer.cli;

import dev.ortune.trainer.report.JsonProgress;
import dev.ortune.trainer.report.LiveProgress;
import dev.ortune.trainer.report.PlainProgress;
import dev.ortune.trainer.report.TrainingLog;
import dev.ortune.trainer.training.DataArguments;
import dev.ortune.trainer.training.Execution;
import dev.ortune.trainer.training.FineTuning;
import dev.ortune.trainer.training.StopRequest;
import dev.ortune.trainer.training.TrainingArguments;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
            "    --test models/data/cola/out_of_domain_dev.tsv --out models/cola-minilm"
        })
public final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pretrained",
            required = true,
            paramLabel = "NAME|DIR",
            description = "The model to start from: what \"ortune pull\" brought, or any folder.")
    private String pretrained;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the new model.")
    private Path out;

    @Mixin
    private DataOptions data;

    @Mixin
    private TrainingOptions training;

    @Mixin
    private DeviceOptions device;

    @Option(names = "--overwrite", description = "Replace a model that is in --out already, once this one is done.")
    private boolean overwrite;

    @Option(names = "--json", description = "Tell everything as JSON lines on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        FineTuning run = fineTuning();
        try (Interruption interruption = new Interruption()) {
            return run(run, interruption);
        }
    }

    private FineTuning fineTuning() {
        DataArguments sets = Usage.check(spec, data::arguments);
        Usage.check(spec, () -> training.arguments(Execution.ON_CPU));
        TrainingArguments arguments = training.arguments(device.execution(spec));
        Path folder = Folders.pretrained(pretrained);
        return Usage.check(spec, () -> new FineTuning(folder, sets, arguments, out, overwrite));
    }

    private int run(FineTuning run, StopRequest stop) {
        try {
            run.run(display(), stop);
            return 0;
        } catch (StopRequest.Stopped e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("ortune: interrupted; " + out + (Files.exists(out) ? " is as it was" : " was not made"));
            err.flush();
            return Failures.INTERRUPTED;
        }
    }

    /** JSON where asked for; a live line where the launcher found a terminal; else plain lines. */
    private TrainingLog display() {
        PrintWriter writer = spec.commandLine().getOut();
        if (json) {
            return new JsonProgress(writer);
        }
        return Boolean.getBoolean("ortune.terminal")
                ? new LiveProgress(writer)
                : new PlainProgress(writer, PlainProgress.INTERVAL);
    }
}
