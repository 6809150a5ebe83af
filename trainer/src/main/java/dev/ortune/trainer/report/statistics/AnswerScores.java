package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.AnswerMetrics;
import dev.ortune.trainer.report.AnswerScore;
import dev.ortune.trainer.report.AnswerText;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.run.AnswerHoldout;
import dev.ortune.trainer.report.run.AskedQuestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * All that is measured of a model's answers.
 *
 * @param metrics without the loss and the best thresholds, which the file of predictions does not tell
 * @param exact of each question, 0 or 1, {@code [questions]}
 * @param f1 of each question, {@code [questions]}
 * @param intervals of each metric, over bootstrap samples of the questions
 * @param groups questions of a kind: by what they ask for, by their answers' and their contexts' lengths
 */
public record AnswerScores(
        AnswerMetrics metrics, double[] exact, double[] f1, Map<Metric, Interval> intervals, List<Groups> groups)
        implements IntervalScores {
    private static final List<String> ASKED = List.of("how", "what", "when", "where", "which", "who", "why");
    private static final String OTHER = "other";

    /**
     * Questions by one of their properties.
     *
     * @param name of the property
     * @param scores by its values, in order
     */
    public record Groups(String name, Map<String, AnswerScore> scores) {}

    /** Measures. */
    static AnswerScores of(AnswerHoldout holdout) {
        double[] exact = scores(
                holdout,
                each -> AnswerText.exact(each.rightTexts(), each.answer().text()));
        double[] f1 = scores(
                holdout, each -> AnswerText.f1(each.rightTexts(), each.answer().text()));
        Map<Metric, Interval> intervals = new LinkedHashMap<>();
        intervals.put(Metric.EXACT_MATCH, interval(exact));
        intervals.put(Metric.F1, interval(f1));
        List<Groups> groups = new ArrayList<>(List.of(
                groups("asked for", holdout, exact, f1, AnswerScores::askedFor),
                groups("words of the answer", holdout, exact, f1, AnswerScores::answerLength),
                groups("words of the context", holdout, exact, f1, AnswerScores::contextLength)));
        if (holdout.questions().stream().anyMatch(each -> !each.isAnswerable())) {
            groups.add(groups("there is", holdout, exact, f1, each -> each.isAnswerable() ? "an answer" : "no answer"));
        }
        AnswerScore all = score(exact, f1, question -> true);
        return new AnswerScores(new AnswerMetrics(Double.NaN, all), exact, f1, intervals, groups);
    }

    private static double[] scores(AnswerHoldout holdout, Function<AskedQuestion, Double> score) {
        return holdout.questions().stream().mapToDouble(score::apply).toArray();
    }

    private static AnswerScore score(double[] exact, double[] f1, IntPredicate which) {
        int[] rows = IntStream.range(0, exact.length).filter(which).toArray();
        return new AnswerScore(
                rows.length,
                Arrays.stream(rows).mapToDouble(row -> exact[row]).average().orElse(0),
                Arrays.stream(rows).mapToDouble(row -> f1[row]).average().orElse(0));
    }

    private static Groups groups(
            String name, AnswerHoldout holdout, double[] exact, double[] f1, Function<AskedQuestion, String> value) {
        List<String> values = holdout.questions().stream().map(value).toList();
        Map<String, AnswerScore> scores = new TreeMap<>();
        values.forEach(each -> scores.computeIfAbsent(
                each, key -> score(exact, f1, row -> values.get(row).equals(key))));
        return new Groups(name, new LinkedHashMap<>(scores));
    }

    /** The first English word that asks for something. */
    private static String askedFor(AskedQuestion question) {
        return Arrays.stream(question.question().toLowerCase(Locale.ROOT).split("[^a-z]+"))
                .map(word -> word.equals("whom") || word.equals("whose") ? "who" : word)
                .filter(ASKED::contains)
                .findFirst()
                .orElse(OTHER);
    }

    private static String answerLength(AskedQuestion question) {
        if (!question.isAnswerable()) {
            return "none";
        }
        int words = words(question.right().get(0).text());
        return words <= 1 ? "1" : words == 2 ? "2" : words <= 5 ? "3 to 5" : "6 or more";
    }

    private static String contextLength(AskedQuestion question) {
        int words = words(question.context());
        return words < 100 ? "0 to 99" : words < 200 ? "100 to 199" : "200 or more";
    }

    private static int words(String text) {
        return text.strip().split("\\s+").length;
    }

    private static Interval interval(double[] scores) {
        Random random = new Random(Bootstrap.SEED);
        double[] means = new double[Bootstrap.SAMPLES];
        for (int sample = 0; sample < means.length; sample++) {
            means[sample] = random.ints(scores.length, 0, scores.length)
                    .mapToDouble(row -> scores[row])
                    .average()
                    .orElse(0);
        }
        return Interval.of(means);
    }
}
