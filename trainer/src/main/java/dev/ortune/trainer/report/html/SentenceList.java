package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.run.ClassHoldout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Sentences worth a look. */
record SentenceList(String id, String title, String note, List<Row> rows) {
    private static final int LENGTH = 20;

    record Row(String sentence, String pair, String label, String prediction, String verdict, String probability) {}

    /** Those that were predicted wrongly with the highest probability, and those whose two likeliest labels are closest. */
    static List<SentenceList> of(ClassHoldout holdout) {
        List<Row> wrong = rows(
                holdout,
                all(holdout)
                        .filter(i -> !holdout.isRight(i))
                        .sorted(Comparator.comparingDouble(i -> -holdout.confidence(i))));
        List<Row> uncertain = rows(holdout, all(holdout).sorted(Comparator.comparingDouble(i -> margin(holdout, i))));
        String set = " of the " + holdout.role() + " set";
        return List.of(
                new SentenceList(
                        "most-wrong",
                        "Most confidently wrong",
                        wrong.isEmpty()
                                ? "No sentence" + set + " was predicted wrongly."
                                : "Wrong predictions" + set + " with the highest probability: the model's real"
                                        + " mistakes, or labels to look at again.",
                        wrong),
                new SentenceList(
                        "least-certain",
                        "Least certain",
                        "Sentences" + set + " whose two likeliest labels are closest to each other.",
                        uncertain));
    }

    private static Stream<Integer> all(ClassHoldout holdout) {
        return IntStream.range(0, holdout.size()).boxed();
    }

    private static List<Row> rows(ClassHoldout holdout, Stream<Integer> examples) {
        return examples.limit(LENGTH)
                .map(i -> new Row(
                        holdout.examples().get(i).sentence(),
                        holdout.examples().get(i).pair(),
                        holdout.label(i),
                        holdout.prediction(i),
                        holdout.isRight(i) ? "right" : "wrong",
                        Text.score(holdout.confidence(i))))
                .toList();
    }

    /** Probability of the likeliest label less that of the next. */
    private static double margin(ClassHoldout holdout, int example) {
        double[] sorted = holdout.predictions().probabilities(example);
        Arrays.sort(sorted);
        return sorted[sorted.length - 1] - sorted[sorted.length - 2];
    }
}
