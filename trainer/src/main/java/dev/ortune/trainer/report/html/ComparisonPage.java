package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.plot.Palette;
import dev.ortune.trainer.report.run.AnswerHoldout;
import dev.ortune.trainer.report.run.Arguments;
import dev.ortune.trainer.report.run.ChoiceHoldout;
import dev.ortune.trainer.report.run.ClassHoldout;
import dev.ortune.trainer.report.run.Holdout;
import dev.ortune.trainer.report.run.LabelSetHoldout;
import dev.ortune.trainer.report.run.NumberHoldout;
import dev.ortune.trainer.report.run.Reproduction;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.run.TokenHoldout;
import dev.ortune.trainer.report.run.WrittenHoldout;
import dev.ortune.trainer.report.statistics.AnswerScores;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.ChoiceScores;
import dev.ortune.trainer.report.statistics.ClassScores;
import dev.ortune.trainer.report.statistics.Interval;
import dev.ortune.trainer.report.statistics.IntervalScores;
import dev.ortune.trainer.report.statistics.LabelSetScores;
import dev.ortune.trainer.report.statistics.NumberScores;
import dev.ortune.trainer.report.statistics.PairedBootstrap;
import dev.ortune.trainer.report.statistics.Scores;
import dev.ortune.trainer.report.statistics.TokenScores;
import dev.ortune.trainer.report.statistics.WrittenScores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The report on several runs: what comparison.mustache asks for, by its names.
 *
 * @param runs two at least
 * @param scores of each on the set by which it is judged; null where there is none
 * @param trainingFigures of all, one over the other
 * @param resultFigures likewise
 */
record ComparisonPage(List<Run> runs, List<Scores> scores, List<Figure> trainingFigures, List<Figure> resultFigures) {
    record Model(String name, String colour, String set, String count, List<Value> values) {}

    record Value(String value, String interval) {}

    /** A pair of models: how far a score of the second is from that of the first. */
    record Difference(String first, String second, List<Change> changes, String verdict) {}

    record Change(String value, String interval, String p) {}

    record Parameter(String name, boolean differs, List<String> values) {}

    record Command(String name, String command) {}

    String html() {
        return Template.page("comparison", new Template.Frame(title()), this);
    }

    public String title() {
        List<String> names = names();
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    public List<String> names() {
        return runs.stream().map(Run::name).toList();
    }

    public List<Model> models() {
        return IntStream.range(0, runs.size()).mapToObj(this::model).toList();
    }

    private Model model(int i) {
        Run run = runs.get(i);
        Scores score = scores.get(i);
        String colour = Palette.series(i).variable();
        if (score == null) {
            List<Value> none =
                    columns().stream().map(column -> new Value("–", null)).toList();
            return new Model(run.name(), colour, "none", "–", none);
        }
        return new Model(
                run.name(),
                colour,
                run.judged().role(),
                Format.count(run.judged().size()),
                columns().stream().map(column -> column.value(score)).toList());
    }

    /** A score of each model. */
    private record Column(String title, Function<Scores, Value> of) {
        Value value(Scores score) {
            return of.apply(score);
        }

        static Column ofClasses(String title, Function<ClassScores, Value> of) {
            return new Column(title, score -> of.apply((ClassScores) score));
        }

        static Column of(Metric metric) {
            return new Column(metric.title(), score -> {
                IntervalScores scores = (IntervalScores) score;
                return scores.intervals().containsKey(metric)
                        ? ComparisonPage.value(
                                metric.of(scores.metrics()), scores.intervals().get(metric))
                        : new Value("–", null);
            });
        }
    }

    private List<Column> columns() {
        if (isOfAnswers()) {
            return Stream.of(Metric.F1, Metric.EXACT_MATCH).map(Column::of).toList();
        }
        if (isOfWords()) {
            return Stream.of(Metric.F1, Metric.PRECISION, Metric.RECALL, Metric.ACCURACY)
                    .map(Column::of)
                    .toList();
        }
        Optional<Scores> others =
                scores.stream().filter(IntervalScores.class::isInstance).findFirst();
        if (others.isPresent()) {
            return ((IntervalScores) others.get())
                    .intervals().keySet().stream().map(Column::of).toList();
        }
        return List.of(
                Column.ofClasses(
                        "MCC",
                        score -> value(score.metrics().mcc(), score.intervals().mcc())),
                Column.ofClasses(
                        "accuracy",
                        score -> value(
                                score.metrics().accuracy(), score.intervals().accuracy())),
                Column.ofClasses("F1", score -> plain(score.metrics().f1())),
                Column.ofClasses("ROC AUC", score -> plain(score.auc())),
                Column.ofClasses("average precision", score -> plain(score.averagePrecision())),
                Column.ofClasses(
                        "calibration error", score -> plain(score.calibration().expectedError())),
                Column.ofClasses("loss", score -> plain(score.metrics().loss())));
    }

    private boolean isOfWords() {
        return scores.stream().anyMatch(TokenScores.class::isInstance);
    }

    private boolean isOfAnswers() {
        return scores.stream().anyMatch(AnswerScores.class::isInstance);
    }

    /** The scores' names. */
    public List<String> headings() {
        return columns().stream().map(Column::title).toList();
    }

    private static Value plain(double value) {
        return new Value(Text.score(value), null);
    }

    private static Value value(double value, Interval interval) {
        return new Value(Text.score(value), Text.interval(interval));
    }

    public boolean hasDifferences() {
        return !differences().isEmpty();
    }

    /** Each pair of models that were asked about the same examples. */
    public List<Difference> differences() {
        List<Difference> differences = new ArrayList<>();
        for (int first = 0; first < runs.size(); first++) {
            for (int second = first + 1; second < runs.size(); second++) {
                if (isComparable(first, second)) {
                    differences.add(difference(runs.get(first), runs.get(second)));
                }
            }
        }
        return differences;
    }

    /** Pairs of models whose figures cannot be set against each other. */
    public List<String> incomparable() {
        List<String> pairs = new ArrayList<>();
        for (int first = 0; first < runs.size(); first++) {
            for (int second = first + 1; second < runs.size(); second++) {
                if (!isComparable(first, second)) {
                    pairs.add(
                            runs.get(first).name() + " and " + runs.get(second).name()
                                    + " were not measured on the same sentences, so their figures differ for that reason too"
                                    + " and no significance is computed.");
                }
            }
        }
        return pairs;
    }

    private boolean isComparable(int first, int second) {
        Holdout one = runs.get(first).judged();
        Holdout other = runs.get(second).judged();
        return one != null && other != null && one.isSameSet(other);
    }

    private Difference difference(Run first, Run second) {
        List<PairedBootstrap.Difference> differences = differences(first.judged(), second.judged());
        return new Difference(
                first.name(),
                second.name(),
                differences.stream()
                        .map(each -> new Change(
                                Text.difference(each.value()), Text.interval(each.interval()), Text.p(each.p())))
                        .toList(),
                verdict(differences.get(0), second.name()));
    }

    private List<PairedBootstrap.Difference> differences(Holdout first, Holdout second) {
        if (first instanceof TokenHoldout words) {
            return PairedBootstrap.of(words.predictions(), ((TokenHoldout) second).predictions(), changed());
        }
        if (first instanceof NumberHoldout numbers) {
            return NumberScores.differences(numbers, (NumberHoldout) second);
        }
        if (first instanceof WrittenHoldout written) {
            return WrittenScores.differences(written, (WrittenHoldout) second);
        }
        if (first instanceof LabelSetHoldout sets) {
            return LabelSetScores.differences(sets, (LabelSetHoldout) second);
        }
        if (first instanceof ChoiceHoldout choices) {
            return ChoiceScores.differences(choices, (ChoiceHoldout) second);
        }
        if (first instanceof AnswerHoldout) {
            AnswerScores one = (AnswerScores) Scores.of(first);
            AnswerScores other = (AnswerScores) Scores.of(second);
            return PairedBootstrap.ofMeans(
                    new double[][] {one.f1(), one.exact()}, new double[][] {other.f1(), other.exact()});
        }
        return ofClasses((ClassHoldout) first, (ClassHoldout) second);
    }

    private static List<PairedBootstrap.Difference> ofClasses(ClassHoldout first, ClassHoldout second) {
        PairedBootstrap paired = PairedBootstrap.of(
                first.predictions().labels(),
                first.predictions().predictions(),
                second.predictions().predictions(),
                first.labels().size(),
                Bootstrap.SAMPLES,
                Bootstrap.SEED);
        return List.of(paired.mcc(), paired.accuracy());
    }

    /** The scores whose differences are tested, that which decides first. */
    private List<Metric> changed() {
        if (scores.stream().anyMatch(NumberScores.class::isInstance)) {
            return NumberScores.COMPARED;
        }
        if (scores.stream().anyMatch(WrittenScores.class::isInstance)) {
            return WrittenScores.COMPARED;
        }
        if (scores.stream().anyMatch(LabelSetScores.class::isInstance)) {
            return LabelSetScores.COMPARED;
        }
        if (scores.stream().anyMatch(ChoiceScores.class::isInstance)) {
            return ChoiceScores.COMPARED;
        }
        if (isOfAnswers()) {
            return List.of(Metric.F1, Metric.EXACT_MATCH);
        }
        if (!isOfWords()) {
            return List.of(Metric.MCC, Metric.ACCURACY);
        }
        boolean entities = scores.stream()
                .anyMatch(score ->
                        score instanceof TokenScores words && words.metrics().hasEntities());
        return entities ? List.of(Metric.F1, Metric.ACCURACY) : List.of(Metric.ACCURACY);
    }

    public List<String> changedHeadings() {
        return changed().stream().map(Metric::title).toList();
    }

    private static String verdict(PairedBootstrap.Difference difference, String second) {
        if (!difference.isSignificant()) {
            return "could be chance";
        }
        return second + (difference.value() > 0 ? " is better" : " is worse");
    }

    public String differenceNote() {
        return "Second model less first, on the same " + Format.count(Bootstrap.SAMPLES)
                + " bootstrap samples of the set (seed "
                + Bootstrap.SEED + "), with 95 % intervals; p is two-sided, and a difference in "
                + changed().get(0).title() + " counts as one below"
                + " 0.05. This is about the sentences that happened to be in the set, not about other seeds of training."
                + (runs.size() > 2 ? " Of many comparisons one in twenty passes by chance." : "");
    }

    public List<Drawing> training() {
        return trainingFigures.stream().map(Drawing::of).toList();
    }

    public boolean hasTraining() {
        return !trainingFigures.isEmpty();
    }

    public List<Drawing> results() {
        return resultFigures.stream().map(Drawing::of).toList();
    }

    public List<Parameter> parameters() {
        List<Map<String, String>> all =
                runs.stream().map(ComparisonPage::parameters).toList();
        Set<String> keys = new LinkedHashSet<>();
        all.forEach(each -> keys.addAll(each.keySet()));
        return keys.stream().map(key -> parameter(key, all)).toList();
    }

    private static Parameter parameter(String key, List<Map<String, String>> all) {
        List<String> values =
                all.stream().map(each -> each.getOrDefault(key, "")).toList();
        boolean differs = values.stream().distinct().count() > 1;
        return new Parameter(key, differs, values);
    }

    /** Hyper-parameters, and what else may tell runs apart. */
    private static Map<String, String> parameters(Run run) {
        Arguments arguments = run.arguments();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("pretrained", arguments.text("/pretrained"));
        arguments.data().forEach((role, file) -> {
            all.put(role, file.file());
            all.put(role + " examples", Format.count(file.examples()));
        });
        all.putAll(arguments.hyperParameters());
        arguments.versions().forEach((name, version) -> all.put(name + " version", version));
        return all;
    }

    public List<Command> commands() {
        return runs.stream()
                .map(run -> new Command(run.name(), Reproduction.shell(run)))
                .toList();
    }
}
