package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.task.FreeText;
import dev.ortune.trainer.task.Glue;
import dev.ortune.trainer.task.MultiLabel;
import dev.ortune.trainer.task.PositiveWeights;
import dev.ortune.trainer.task.Prefix;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.Tasks;
import dev.ortune.trainer.task.TextToText;
import dev.ortune.trainer.task.TokenClassification;
import dev.ortune.trainer.training.DataArguments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The sets of a training run. Every default of them is here. */
final class DataOptions {
    @Option(
            names = "--train",
            paramLabel = "SPEC",
            description =
                    "Training set: a .tsv, .csv or .jsonl file, one in CoNLL's columns or SQuAD's .json, also with"
                            + " .gz; or builtin.")
    private String train;

    @Option(
            names = "--validation",
            paramLabel = "SPEC",
            description = "Validation set, which the best checkpoint is chosen by (default: split off --train).")
    private String validation;

    @Option(names = "--test", paramLabel = "SPEC", description = "Test set, measured once at the end.")
    private String test;

    @Option(
            names = "--validation-split",
            paramLabel = "SHARE",
            description = "Share of --train to validate on; 0 for none (default: ${DEFAULT-VALUE}).")
    private double validationSplit = 0.1;

    @Option(
            names = "--split-seed",
            paramLabel = "N",
            description = "Picks the rows of the split, as scikit-learn's random_state (default: ${DEFAULT-VALUE}).")
    private long splitSeed = 2018;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Take N examples of each set only, drawn by --split-seed, to try things out.")
    private int limit;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description =
                    "What the model is to say: text-classification, a label for each text, multi-label, any number of"
                            + " them, regression, a number, token-classification, a label for each word,"
                            + " question-answering, the part of a context that answers a question, multiple-choice,"
                            + " which of several texts goes on, or text2text, the name of a label or any text, which T5 writes (default: as --train tells); squad or squad_v2, which say"
                            + " whether there may be no answer; swag, which is multiple-choice; all three know their"
                            + " files; or a task of GLUE, whose files, columns, labels and metric it knows: cola, sst2, mrpc, stsb, qqp,"
                            + " mnli, qnli, rte or wnli.")
    private String task;

    @Option(
            names = "--label-all-tokens",
            description = "Token classification: train on every token of a word, not on its first alone.")
    private boolean labelAllTokens;

    @Option(
            names = "--positive-weights",
            paramLabel = "WEIGHTS",
            description = "Multi-label: how much texts with a label count beside those without: auto, or one weight a"
                    + " label such as 1,2.5 (default: all the same).")
    private String positiveWeights;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "text2text: what stands before each text, such as \"cola sentence: \"; given a second time,"
                    + " what stands before the second text of a pair, as in --prefix \"rte sentence1: \" --prefix"
                    + " \"sentence2: \" (default: nothing).")
    private List<String> prefix;

    @Option(
            names = "--targets",
            paramLabel = "free|labels",
            description = "text2text: whether any text is written, or one of the labels that --train has (default: as"
                    + " --train tells: labels where at most 100 different ones stand in ten times as many rows).")
    private String targets;

    @Option(
            names = "--max-target-length",
            paramLabel = "N",
            description = "text2text: tokens of a text that is to be written, the rest is cut off (default: "
                    + FreeText.USUAL_LENGTH + ").")
    private Integer maxTargetLength;

    @Mixin
    private QuestionOptions questions;

    @Mixin
    private ColumnOptions columns;

    @Option(
            names = "--label-names",
            paramLabel = "NAME",
            split = ",",
            description = "Names of labels that the files number 0, 1, …, in that order: unacceptable,acceptable"
                    + " (default: LABEL_0,LABEL_1); or the labels as the files have them, in the order of their ids.")
    private List<String> labelNames;

    /** Whether the training set needs no naming. */
    boolean knowsFiles() {
        return task != null && Tasks.files(task).isPresent();
    }

    /** What the best checkpoint is chosen by where nobody says; null for what is usual for the task. */
    Metric metric() {
        return glue().map(Glue::metric).orElse(null);
    }

    DataArguments arguments() {
        Optional<Glue.Files> files = train == null && task != null ? Tasks.files(task) : Optional.empty();
        return new DataArguments(
                files.map(Glue.Files::train).map(this::published).orElse(train),
                validation == null
                        ? files.map(Glue.Files::validation).map(this::published).orElse(null)
                        : validation,
                test == null ? files.map(Glue.Files::test).map(this::published).orElse(null) : test,
                task(),
                columns.columns(glue().map(Glue::columns).orElse(ReadOptions.DEFAULTS)),
                labels(),
                new DataArguments.Split(validationSplit, splitSeed),
                limit);
    }

    private Optional<Glue> glue() {
        return task == null ? Optional.empty() : Glue.named(task);
    }

    /** A file as "ortune pull" lays it out. */
    private String published(String name) {
        Path file = Folders.models().resolve("data").resolve(task).resolve(name);
        if (!Files.exists(file)) {
            throw new OrtuneException(
                    file + ": no such file; \"ortune pull " + task + "\" brings it, --train names another");
        }
        return file.toString();
    }

    private Task task() {
        Task named = questions.of(glue().map(Glue::task).orElseGet(() -> task == null ? null : Tasks.named(task)));
        if (named instanceof TextToText) {
            named = written();
        } else if (prefix != null || targets != null || maxTargetLength != null) {
            throw new OrtuneException(
                    (prefix != null ? "--prefix" : targets != null ? "--targets" : "--max-target-length")
                            + " is for --task text2text");
        }
        if (positiveWeights != null) {
            if (named != null && !(named instanceof MultiLabel)) {
                throw new OrtuneException("--positive-weights is for --task multi-label");
            }
            named = new MultiLabel(PositiveWeights.parse(positiveWeights));
        }
        if (!labelAllTokens) {
            return named;
        }
        if (named != null && !(named instanceof TokenClassification)) {
            throw new OrtuneException("--label-all-tokens is for --task token-classification");
        }
        return new TokenClassification(true);
    }

    /** What the model writes: labels, any text, or as the data tell. */
    private Task written() {
        Prefix before = prefix == null ? Prefix.NONE : Prefix.of(prefix);
        FreeText free = new FreeText(before, maxTargetLength == null ? FreeText.USUAL_LENGTH : maxTargetLength);
        if (targets == null) {
            return new TextToText(before, free);
        }
        return switch (targets) {
            case "free" -> free;
            case "labels" -> {
                if (maxTargetLength != null) {
                    throw new OrtuneException(
                            "--max-target-length is for texts that are written, but --targets says labels");
                }
                yield new TextToText(before);
            }
            default -> throw new OrtuneException("--targets must be free or labels, not " + targets);
        };
    }

    private Labels labels() {
        if (labelNames == null) {
            return glue().map(Glue::labels).orElse(null);
        }
        List<String> names = labelNames.stream().map(String::strip).toList();
        if (names.contains("") || new HashSet<>(names).size() != names.size()) {
            throw new OrtuneException("--label-names must be different names, not " + String.join(",", labelNames));
        }
        return new Labels(names);
    }
}
