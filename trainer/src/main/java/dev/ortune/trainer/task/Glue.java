package dev.ortune.trainer.task;

import dev.ortune.trainer.data.LabelSets;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.report.Metric;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A task of GLUE (Wang et al. 2019, "GLUE: A Multi-Task Benchmark and Analysis Platform for Natural Language
 * Understanding") as a preset: what somebody would otherwise say of its files with the general options.
 *
 * @param name after {@code --task}
 * @param columns of its files; none where the layout tells them
 * @param labels their names in GLUE's order, which files may number from 0; null of numbers
 * @param metric what its models are chosen by
 * @param files as the benchmark publishes them, or for CoLA as its tutorial does
 */
public record Glue(String name, ReadOptions columns, Labels labels, Metric metric, Files files) {
    /**
     * The names of a set's files.
     *
     * @param validation null to split it off the training set
     * @param test null for none: those of the benchmark have no labels
     */
    public record Files(String train, String validation, String test) {
        private static final Files USUAL = new Files("train.tsv", "dev.tsv", null);
    }

    private static final String ENTAILMENT = "entailment";
    private static final String NOT = "not_entailment";

    /** All of them, in the benchmark's order. */
    public static final List<Glue> ALL = List.of(
            new Glue(
                    "cola",
                    ReadOptions.DEFAULTS,
                    labels("unacceptable", "acceptable"),
                    Metric.MCC,
                    new Files("in_domain_train.tsv", null, "out_of_domain_dev.tsv")),
            of("sst2", columns("sentence", null, "label"), labels("negative", "positive"), Metric.ACCURACY),
            of("mrpc", columns("#1 String", "#2 String", "Quality"), labels("not_equivalent", "equivalent"), Metric.F1),
            of("stsb", columns("sentence1", "sentence2", "score"), null, Metric.PEARSON),
            // Some rows of the published file lack their last columns.
            of(
                    "qqp",
                    new ReadOptions("question1", "question2", "is_duplicate", null, false, LabelSets.UNSAID, true),
                    labels("not_duplicate", "duplicate"),
                    Metric.F1),
            new Glue(
                    "mnli",
                    columns("sentence1", "sentence2", "gold_label"),
                    labels(ENTAILMENT, "neutral", "contradiction"),
                    Metric.ACCURACY,
                    new Files("train.tsv", "dev_matched.tsv", "dev_mismatched.tsv")),
            of("qnli", columns("question", "sentence", "label"), labels(ENTAILMENT, NOT), Metric.ACCURACY),
            of("rte", columns("sentence1", "sentence2", "label"), labels(ENTAILMENT, NOT), Metric.ACCURACY),
            of("wnli", columns("sentence1", "sentence2", "label"), labels(NOT, ENTAILMENT), Metric.ACCURACY));

    private static Glue of(String name, ReadOptions columns, Labels labels, Metric metric) {
        return new Glue(name, columns, labels, metric, Files.USUAL);
    }

    private static ReadOptions columns(String text, String pair, String label) {
        return new ReadOptions(text, pair, label);
    }

    private static Labels labels(String... names) {
        return new Labels(List.of(names));
    }

    /** The one of a name. */
    public static Optional<Glue> named(String name) {
        return ALL.stream().filter(glue -> glue.name.equals(name)).findFirst();
    }

    /** All names with commas between. */
    public static String names() {
        return ALL.stream().map(Glue::name).collect(Collectors.joining(", "));
    }

    /** What its models say. */
    public Task task() {
        return labels == null ? new Regression() : new TextClassification();
    }
}
