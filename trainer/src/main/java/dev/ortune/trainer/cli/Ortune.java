package dev.ortune.trainer.cli;

import dev.ortune.trainer.Version;
import dev.ortune.trainer.adaptation.LoraArguments;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.corpus.TokenizerTraining;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.runtime.CudaDevice;
import dev.ortune.trainer.text.TruncationStrategy;
import dev.ortune.trainer.training.LearningRateSchedule;
import dev.ortune.trainer.training.OnNan;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line's entry: {@code ortune COMMAND …}. */
@Command(
        name = "ortune",
        mixinStandardHelpOptions = true,
        versionProvider = Ortune.ManifestVersion.class,
        subcommands = {
            QuickstartCommand.class,
            PullCommand.class,
            InspectCommand.class,
            TokenizerCommand.class,
            PretrainCommand.class,
            TrainCommand.class,
            SweepCommand.class,
            AdapterCommand.class,
            EvaluateCommand.class,
            ReportCommand.class,
            ArtifactsCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        description = "Fine-tune transformer text classifiers on the JVM with ONNX Runtime Training.",
        footer = {
            "",
            "\"ortune export\", \"ortune serve\" and \"ortune predict\" take the fine-tuned model from there.",
            "\"ortune COMMAND --help\" tells more. Options can also stand in a file: ortune COMMAND @FILE"
        })
public final class Ortune implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace when something fails.")
    private boolean verbose;

    /** Runs one command and ends the process with its exit code: 0, 1 (failed), 2 (usage) or 130 (interrupted). */
    public static void main(String[] args) {
        System.exit(run(commandLine(), args));
    }

    /** The whole command line, ready to run. */
    static CommandLine commandLine() {
        Failures failures = new Failures();
        return withChoices(new CommandLine(new Ortune()))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    /** Teaches a command and its subcommands the words that stand for an enum's constants. */
    static CommandLine withChoices(CommandLine commandLine) {
        return commandLine
                .registerConverter(Metric.class, Choice.of(Metric.class))
                .registerConverter(LearningRateSchedule.Kind.class, Choice.of(LearningRateSchedule.Kind.class))
                .registerConverter(Optimizer.Kind.class, Choice.of(Optimizer.Kind.class))
                .registerConverter(CudaDevice.Arena.class, Choice.of(CudaDevice.Arena.class))
                .registerConverter(OnNan.class, Choice.of(OnNan.class))
                .registerConverter(TokenizerTraining.Kind.class, Choice.of(TokenizerTraining.Kind.class))
                .registerConverter(LoraArguments.Bias.class, Choice.of(LoraArguments.Bias.class))
                .registerConverter(Target.class, Choice.of(Target.class))
                .registerConverter(TruncationStrategy.class, Choice.of(TruncationStrategy.class));
    }

    /** Runs a command; errors of the virtual machine, which picocli lets through, end in one line too. */
    static int run(CommandLine commandLine, String... args) {
        try {
            return commandLine.execute(args);
        } catch (Throwable e) {
            return Failures.report(e, commandLine);
        }
    }

    boolean verbose() {
        return verbose;
    }

    /** Without a command: what there is. */
    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        spec.commandLine().usage(out);
        out.flush();
    }

    static final class ManifestVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ortune " + Version.ortune(), "Java " + Version.java()};
        }
    }
}
