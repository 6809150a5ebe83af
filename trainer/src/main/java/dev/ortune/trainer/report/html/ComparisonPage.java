package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.plot.Palette;
import dev.ortune.trainer.report.run.Arguments;
import dev.ortune.trainer.report.run.Holdout;
import dev.ortune.trainer.report.run.Reproduction;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.Interval;
import dev.ortune.trainer.report.statistics.PairedBootstrap;
import dev.ortune.trainer.report.statistics.Scores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The report on several runs: what comparison.mustache asks for, by its names.
 *
 * @param runs two at least
 * @param scores of each on the set by which it is judged; null where there is none
 * @param trainingFigures of all, one over the other
 * @param resultFigures likewise
 */
record ComparisonPage(List<Run> runs, List<Scores> scores, List<Figure> trainingFigures, List<Figure> resultFigures) {
    record Model(
            String name,
            String colour,
            String set,
            String count,
            Value mcc,
            Value accuracy,
            String f1,
            String auc,
            String averagePrecision,
            String calibration,
            String loss) {}

    record Value(String value, String interval) {}

    record Difference(
            String first,
            String second,
            String mcc,
            String mccInterval,
            String mccP,
            String accuracy,
            String accuracyInterval,
            String accuracyP,
            String verdict) {}

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
            Value none = new Value("–", null);
            return new Model(run.name(), colour, "none", "–", none, none, "–", "–", "–", "–", "–");
        }
        return new Model(
                run.name(),
                colour,
                run.judged().role(),
                Format.count(run.judged().size()),
                value(score.metrics().mcc(), score.intervals().mcc()),
                value(score.metrics().accuracy(), score.intervals().accuracy()),
                Text.score(score.metrics().f1()),
                Text.score(score.auc()),
                Text.score(score.averagePrecision()),
                Text.score(score.calibration().expectedError()),
                Text.score(score.metrics().loss()));
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

    private static Difference difference(Run first, Run second) {
        Holdout holdout = first.judged();
        PairedBootstrap paired = PairedBootstrap.of(
                holdout.predictions().labels(),
                holdout.predictions().predictions(),
                second.judged().predictions().predictions(),
                holdout.labels().size(),
                Bootstrap.SAMPLES,
                Bootstrap.SEED);
        return new Difference(
                first.name(),
                second.name(),
                Text.difference(paired.mcc().value()),
                Text.interval(paired.mcc().interval()),
                Text.p(paired.mcc().p()),
                Text.difference(paired.accuracy().value()),
                Text.interval(paired.accuracy().interval()),
                Text.p(paired.accuracy().p()),
                verdict(paired.mcc(), second.name()));
    }

    private static String verdict(PairedBootstrap.Difference mcc, String second) {
        if (!mcc.isSignificant()) {
            return "could be chance";
        }
        return second + (mcc.value() > 0 ? " is better" : " is worse");
    }

    public String differenceNote() {
        return "Second model less first, on the same " + Format.count(Bootstrap.SAMPLES)
                + " bootstrap samples of the set (seed "
                + Bootstrap.SEED + "), with 95 % intervals; p is two-sided, and a difference in MCC counts as one below"
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
