package dev.ortune.trainer.report.card;

import com.samskivert.mustache.Mustache;
import dev.ortune.trainer.Version;
import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.MultiLabelMetrics;
import dev.ortune.trainer.report.run.Arguments;
import dev.ortune.trainer.report.run.History;
import dev.ortune.trainer.report.run.Reproduction;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.ClassScores;
import dev.ortune.trainer.report.statistics.Interval;
import dev.ortune.trainer.report.statistics.IntervalScores;
import dev.ortune.trainer.report.statistics.Scores;
import dev.ortune.trainer.report.statistics.TokenScores;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A Hugging Face model card, filled from a run alone: what card.mustache asks for, by its names.
 *
 * @param run the run
 * @param scores on the set by which it is judged, or null
 */
public record ModelCard(Run run, Scores scores) {
    private static final Mustache.Compiler MARKDOWN = Mustache.compiler()
            .withEscaper(ModelCard::escaped)
            .emptyStringIsFalse(true)
            .nullValue("");

    record Entry(String name, String value) {}

    record Data(String role, String file, String examples, String sha256) {}

    record Row(String name, String value, String interval) {}

    record Evaluation(String epoch, String step, String trainLoss, String loss, List<String> values) {}

    /** Markdown with YAML at its head. */
    public String markdown() {
        return MARKDOWN.compile(template()).execute(this);
    }

    public String frontMatter() {
        return FrontMatter.of(run, scores);
    }

    public String name() {
        return run.name();
    }

    public String pretrained() {
        String source = run.arguments().text("/pretrained_source/source");
        String folder = run.arguments().text(run.arguments().has("/config") ? "/config" : "/pretrained");
        return source.isEmpty() ? folder.substring(folder.lastIndexOf('/') + 1) : source;
    }

    public String trainFile() {
        Arguments.DataFile file = run.arguments().data().get("train");
        return file == null ? null : file.name();
    }

    public boolean incomplete() {
        return !run.isComplete();
    }

    public boolean judged() {
        return scores != null;
    }

    public String labels() {
        return run.judged() == null ? "" : String.join(", ", run.judged().labels());
    }

    public String maxLength() {
        return run.arguments().text("/max_length");
    }

    public String role() {
        return judged() ? run.judged().role() : "";
    }

    public boolean onValidation() {
        return role().equals("validation");
    }

    public String count() {
        return judged() ? Format.count(run.judged().size()) : "";
    }

    public String samples() {
        return Format.count(Bootstrap.SAMPLES);
    }

    /** Whether it is of words and not of whole texts. */
    public boolean ofWords() {
        return run.task().equals("token-classification");
    }

    /** Whether it gives numbers. */
    public boolean ofNumbers() {
        return run.task().equals("regression");
    }

    /** Whether it gives any number of labels. */
    public boolean ofLabelSets() {
        return run.task().equals("multi-label");
    }

    /** Whether it is of answers in a context. */
    public boolean ofAnswers() {
        return run.task().equals("question-answering");
    }

    /** Whether it chooses one of several texts. */
    public boolean ofChoices() {
        return run.task().equals("multiple-choice");
    }

    /** Whether it writes, labels or any text. */
    public boolean ofWriting() {
        return run.task().equals("text2text");
    }

    /** What stands before each text. */
    public String prefix() {
        return run.arguments().text("/prefix");
    }

    /** Tokens that it writes at most. */
    public String written() {
        return run.writes() ? run.arguments().text("/max_target_length") : "20";
    }

    /** Whether it fills masks. */
    public boolean ofMasks() {
        return run.task().equals("fill-mask");
    }

    /** Whether it goes on with a text. */
    public boolean goesOn() {
        return run.task().equals("text-generation");
    }

    /** Whether it learnt from texts without labels. */
    public boolean ofPretraining() {
        return run.isPretraining();
    }

    /** Whether transformers has a pipeline for it that classifies. */
    public boolean hasPipeline() {
        return !ofAnswers() && !ofChoices() && !ofPretraining() && !ofWriting();
    }

    /** Where its run puts it. */
    public String folder() {
        return (ofPretraining() ? "models/pretrained/" : "models/") + name();
    }

    /** How its weights came about. */
    public String made() {
        return !ofPretraining()
                ? "fine-tuned from"
                : run.arguments().has("/config") ? "pre-trained as of" : "pre-trained on from";
    }

    /** What transformers' pipeline would not do by itself: it gives the likeliest label alone. */
    public String pipelineOptions() {
        return ofWords() ? ", aggregation_strategy=\"first\"" : ofLabelSets() ? ", top_k=None" : "";
    }

    public String intended() {
        return switch (run.task()) {
            case "token-classification" -> "gives each word of a text one of its labels";
            case "question-answering" ->
                "says which part of a context answers a question; it makes no words of its own";
            case "multiple-choice" -> "says which of several choices goes on with a text or answers a question";
            case "fill-mask" -> "says which words may stand behind a mask, and is meant to be fine-tuned";
            case "text-generation" -> "goes on with a text, word by word, and may be fine-tuned";
            case "regression" -> "gives a text a number";
            case "multi-label" -> "gives a text any number of its labels";
            case "text2text" ->
                run.writes()
                        ? "writes another text after each, such as its training set has"
                        : "writes the name of a text's class";
            default -> "puts a text into one of its classes";
        };
    }

    public String kind() {
        return switch (run.task()) {
            case "token-classification" -> "A classifier of words";
            case "question-answering" -> "A model that answers questions from a context";
            case "multiple-choice" -> "A model that chooses one of several texts";
            case "fill-mask" -> "A masked language model";
            case "text-generation" -> "A causal language model";
            case "regression" -> "A regression model for texts";
            case "multi-label" -> "A text classifier with several labels a text";
            case "text2text" -> run.writes() ? "A model from text to text" : "A text classifier that writes";
            default -> "A text classifier";
        };
    }

    /** From which probability each label is given. */
    public List<Entry> thresholds() {
        return scores != null && scores.metrics() instanceof MultiLabelMetrics sets
                ? sets.labels().stream()
                        .map(label -> new Entry(label.name(), Format.score(label.threshold())))
                        .toList()
                : List.of();
    }

    public boolean hasThresholds() {
        return !thresholds().isEmpty();
    }

    public String pipelineTag() {
        return run.pipelineTag();
    }

    public List<Row> results() {
        if (scores instanceof TokenScores words) {
            return results(words);
        }
        return scores instanceof IntervalScores others ? results(others) : results((ClassScores) scores);
    }

    private static List<Row> results(IntervalScores scores) {
        List<Row> rows = new ArrayList<>();
        scores.metrics()
                .values()
                .forEach((metric, value) ->
                        rows.add(row(metric.title(), value, scores.intervals().get(metric))));
        if (scores.metrics() instanceof MultiLabelMetrics sets) {
            sets.labels().forEach(label -> rows.add(row("F1 of " + label.name(), label.f1(), null)));
        }
        return rows;
    }

    private static List<Row> results(ClassScores scores) {
        return List.of(
                row("accuracy", scores.metrics().accuracy(), scores.intervals().accuracy()),
                row("F1", scores.metrics().f1(), null),
                row("MCC", scores.metrics().mcc(), scores.intervals().mcc()),
                row("ROC AUC", scores.auc(), null),
                row("average precision", scores.averagePrecision(), null),
                row("expected calibration error", scores.calibration().expectedError(), null),
                row("loss", scores.metrics().loss(), null));
    }

    private static List<Row> results(TokenScores scores) {
        List<Row> rows = results((IntervalScores) scores);
        if (scores.metrics().hasEntities()) {
            scores.metrics().types().forEach(type -> rows.add(row("F1 of " + type.type(), type.f1(), null)));
        }
        return rows;
    }

    private static Row row(String name, double value, Interval interval) {
        return new Row(
                name,
                Double.isNaN(value) ? "not defined" : Format.score(value),
                interval == null ? "" : Format.score(interval.low()) + " to " + Format.score(interval.high()));
    }

    public List<Data> data() {
        List<Data> sets = new ArrayList<>();
        run.arguments()
                .data()
                .forEach((role, file) ->
                        sets.add(new Data(role, file.name(), Format.count(file.examples()), file.sha256())));
        return sets;
    }

    public List<Entry> parameters() {
        List<Entry> entries = new ArrayList<>();
        run.arguments().hyperParameters().forEach((name, value) -> entries.add(new Entry(name, value)));
        return entries;
    }

    public boolean hasEvaluations() {
        return !run.history().evaluations().isEmpty();
    }

    public List<Evaluation> evaluations() {
        return run.history().evaluations().stream().map(this::evaluation).toList();
    }

    /** What was measured at each evaluation. */
    public List<String> metrics() {
        return run.history().metrics().stream().map(Metric::title).toList();
    }

    private Evaluation evaluation(History.Evaluation each) {
        return new Evaluation(
                String.format(Locale.ROOT, "%.2f", each.epoch()),
                String.valueOf(each.step()),
                Format.score(each.trainLoss()),
                Format.score(each.loss()),
                run.history().metrics().stream()
                        .map(metric -> Format.score(each.value(metric)))
                        .toList());
    }

    public boolean hasSteps() {
        return !run.history().steps().isEmpty();
    }

    public String time() {
        return run.isComplete() ? Format.duration(run.history().end().seconds()) : "";
    }

    public String machine() {
        String gpu = run.arguments().text("/hardware/gpu");
        String cpu = run.arguments().text("/hardware/cpu");
        return gpu.isEmpty() ? cpu : gpu + ", " + cpu;
    }

    public List<Entry> versions() {
        List<Entry> entries = new ArrayList<>();
        run.arguments().versions().forEach((name, version) -> entries.add(new Entry(name, version)));
        return entries;
    }

    public String command() {
        return Reproduction.shell(run);
    }

    public String version() {
        return Version.ortune();
    }

    /** Text that stays text inside a Markdown table. */
    private static String escaped(String text) {
        return text.replaceAll("[\\r\\n]+", " ")
                .replaceAll("([\\\\`*\\[\\]|])", "\\\\$1")
                .replace("<", "&lt;");
    }

    private static String template() {
        try (InputStream stream = ModelCard.class.getResourceAsStream("card.mustache")) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
