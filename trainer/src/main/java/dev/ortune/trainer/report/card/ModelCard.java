package dev.ortune.trainer.report.card;

import com.samskivert.mustache.Mustache;
import dev.ortune.trainer.Version;
import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.run.Arguments;
import dev.ortune.trainer.report.run.History;
import dev.ortune.trainer.report.run.Reproduction;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.Interval;
import dev.ortune.trainer.report.statistics.Scores;
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

    record Evaluation(
            String epoch, String step, String trainLoss, String loss, String accuracy, String f1, String mcc) {}

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
        String folder = run.arguments().text("/pretrained");
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

    public List<Row> results() {
        return List.of(
                row("accuracy", scores.metrics().accuracy(), scores.intervals().accuracy()),
                row("F1", scores.metrics().f1(), null),
                row("MCC", scores.metrics().mcc(), scores.intervals().mcc()),
                row("ROC AUC", scores.auc(), null),
                row("average precision", scores.averagePrecision(), null),
                row("expected calibration error", scores.calibration().expectedError(), null),
                row("loss", scores.metrics().loss(), null));
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
        return run.history().evaluations().stream().map(ModelCard::evaluation).toList();
    }

    private static Evaluation evaluation(History.Evaluation each) {
        return new Evaluation(
                String.format(Locale.ROOT, "%.2f", each.epoch()),
                String.valueOf(each.step()),
                Format.score(each.trainLoss()),
                Format.score(each.loss()),
                Format.score(each.accuracy()),
                Format.score(each.f1()),
                Format.score(each.mcc()));
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
