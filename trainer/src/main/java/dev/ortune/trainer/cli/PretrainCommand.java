package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.training.CorpusArguments;
import dev.ortune.trainer.training.Execution;
import dev.ortune.trainer.training.Objective;
import dev.ortune.trainer.training.Pretraining;
import dev.ortune.trainer.training.PretrainingObjective;
import dev.ortune.trainer.training.PretrainingStart;
import dev.ortune.trainer.training.Run;
import dev.ortune.trainer.training.RunArguments;
import dev.ortune.trainer.training.TrainingArguments;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ortune pretrain}: from a model and texts without labels to a model that knows such texts better. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Pre-train a model on texts without labels, from its weights or from scratch.",
        footer = {
            "",
            "Examples:",
            "  ortune pretrain --pretrained minilm-l6 --train notes.txt --out models/pretrained/minilm-notes",
            "  ortune train --pretrained minilm-notes --train labelled.tsv --out models/mine",
            "  ortune pretrain --config small.json --tokenizer models/pretrained/minilm-l6 --train a.txt b.txt.gz \\",
            "    --out models/pretrained/small",
            "  ortune pretrain --pretrained distilbert--distilgpt2 --objective clm --train novel.txt --max-length 512 --out models/novel",
            "  ortune pretrain --resume models/pretrained/minilm-notes"
        })
public final class PretrainCommand extends RunCommand {
    @Option(
            names = "--pretrained",
            order = -4,
            paramLabel = "NAME|DIR",
            description = "The model to go on from: what \"ortune pull\" brought, or any folder.")
    private String pretrained;

    @Option(
            names = "--config",
            order = -3,
            paramLabel = "FILE",
            description = "In place of it: a config.json, to begin from scratch.")
    private Path config;

    @Option(
            names = "--tokenizer",
            order = -2,
            paramLabel = "NAME|DIR",
            description = "With --config: the model whose tokenizer is used.")
    private String tokenizer;

    @Option(
            names = "--train",
            arity = "1..*",
            split = ",",
            paramLabel = "FILE",
            description = "Texts to train on: files with a sentence or paragraph a line and a blank line between"
                    + " documents, or .jsonl; also with .gz.")
    private List<Path> train;

    @Option(
            names = "--validation",
            arity = "1..*",
            split = ",",
            paramLabel = "FILE",
            description = "Texts to choose the best checkpoint by (default: the last of --train).")
    private List<Path> validation = List.of();

    @Option(
            names = "--validation-split",
            paramLabel = "SHARE",
            description = "Their share of --train; 0 for none (default: ${DEFAULT-VALUE}).")
    private double validationSplit = 0.05;

    @Option(
            names = "--text-column",
            paramLabel = "KEY",
            description = "The key of the text in JSON lines (default: ${DEFAULT-VALUE}).")
    private String textColumn = "text";

    @Option(
            names = "--line-by-line",
            description = "Make each line a sequence, rather than cutting all of them in one row into full blocks.")
    private boolean lineByLine;

    @Option(
            names = "--objective",
            paramLabel = "NAME",
            description =
                    "mlm, masked words; mlm+nsp, which has next sentences too; or clm, next tokens, for GPT-2, Llama and Qwen2"
                            + " (default: ${DEFAULT-VALUE}).")
    private String objective = "mlm";

    @Option(
            names = "--mlm-probability",
            paramLabel = "X",
            description = "Share of the tokens that are masked (default: ${DEFAULT-VALUE}).")
    private double probability = 0.15;

    @Option(names = "--whole-word-mask", description = "Mask all tokens of a word or none.")
    private boolean wholeWords;

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs (default: ${DEFAULT-VALUE}).")
    private int epochs = 3;

    @Option(
            names = "--max-steps",
            paramLabel = "N",
            description = "Optimizer steps of the run, whatever the epochs (default: as many as these have).")
    private int maxSteps;

    @Option(
            names = {"--learning-rate", "--lr"},
            paramLabel = "X",
            description = "Highest learning rate (default: ${DEFAULT-VALUE}).")
    private double learningRate = 5e-5;

    @Option(names = "--max-length", paramLabel = "N", description = "Tokens of a sequence (default: ${DEFAULT-VALUE}).")
    private int maxLength = 128;

    @Mixin
    private LoopOptions loop;

    @Mixin
    private DeviceOptions device;

    @Override
    RunCommand again() {
        return new PretrainCommand();
    }

    @Override
    Run run(RunArguments run) {
        Usage.require(spec(), "--train", "--out");
        Usage.check(spec(), this::requireStart);
        CorpusArguments data = Usage.check(
                spec(), () -> new CorpusArguments(train, validation, validationSplit, textColumn, lineByLine));
        PretrainingObjective minimised =
                Usage.check(spec(), () -> PretrainingObjective.of(objective, probability, wholeWords));
        Usage.check(spec(), () -> arguments(Execution.ON_CPU));
        TrainingArguments arguments = arguments(device.execution(spec()));
        PretrainingStart start = pretrained != null
                ? new PretrainingStart(Folders.pretrained(pretrained), null, null)
                : new PretrainingStart(null, config, Folders.any(tokenizer));
        return Usage.check(spec(), () -> new Pretraining(start, data, minimised, arguments, run, out(), overwrites()));
    }

    private TrainingArguments arguments(Execution execution) {
        return loop.arguments(
                new LoopOptions.Length(epochs, maxSteps, learningRate),
                new LoopOptions.Shape(maxLength, false, false, null),
                new Objective(0, new Objective.Equal()),
                Metric.PERPLEXITY,
                execution);
    }

    private Boolean requireStart() {
        if ((pretrained == null) == (config == null)) {
            throw new OrtuneException("a run begins with --pretrained, or from scratch with --config and --tokenizer");
        }
        if ((tokenizer == null) == (config != null)) {
            throw new OrtuneException(
                    config == null
                            ? "--tokenizer is for --config; a pretrained model has its own"
                            : "--config needs --tokenizer, a model whose tokenizer is used");
        }
        return true;
    }
}
