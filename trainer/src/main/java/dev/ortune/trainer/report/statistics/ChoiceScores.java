package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.ChoiceMetrics;
import dev.ortune.trainer.report.ChoicePredictions;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.run.ChoiceHoldout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * All that is measured of a model that chooses.
 *
 * @param metrics loss and accuracy
 * @param intervals of the accuracy
 * @param groups examples of a kind: by the place of the right choice, and by the number of choices where it differs
 */
public record ChoiceScores(ChoiceMetrics metrics, Map<Metric, Interval> intervals, List<Groups> groups)
        implements IntervalScores {
    /** What two models are compared by. */
    public static final List<Metric> COMPARED = List.of(Metric.ACCURACY);

    public ChoiceScores {
        groups = List.copyOf(groups);
    }

    /**
     * Examples by one of their properties.
     *
     * @param name of the property
     * @param rows by its values, ascending
     */
    public record Groups(String name, List<Group> rows) {
        public Groups {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Examples of which a property has one value.
     *
     * @param value of the property
     * @param count how many there are
     * @param chosen how many of all examples the model gave this place; -1 where the property is none of predictions
     * @param accuracy share of right predictions
     */
    public record Group(int value, long count, long chosen, double accuracy) {}

    /** Measures. */
    static ChoiceScores of(ChoiceHoldout holdout) {
        ChoicePredictions predictions = holdout.predictions();
        List<Groups> groups = new ArrayList<>();
        groups.add(
                groups("place of the right one", predictions, i -> predictions.right()[i], predictions::prediction));
        if (IntStream.range(0, predictions.size())
                        .map(predictions::choices)
                        .distinct()
                        .count()
                > 1) {
            groups.add(groups("number of choices", predictions, predictions::choices, null));
        }
        return new ChoiceScores(predictions.metrics(), Resampling.intervals(holdout.size(), measure(holdout)), groups);
    }

    /** @param predicted the same property of what was predicted, or null */
    private static Groups groups(
            String name, ChoicePredictions predictions, IntUnaryOperator property, IntUnaryOperator predicted) {
        int[] all = IntStream.range(0, predictions.size()).toArray();
        List<Group> rows = IntStream.of(all)
                .map(property)
                .distinct()
                .sorted()
                .mapToObj(value -> {
                    int[] examples = IntStream.of(all)
                            .filter(i -> property.applyAsInt(i) == value)
                            .toArray();
                    long chosen = predicted == null
                            ? -1
                            : IntStream.of(all)
                                    .filter(i -> predicted.applyAsInt(i) == value)
                                    .count();
                    return new Group(
                            value,
                            examples.length,
                            chosen,
                            predictions.metrics(examples).accuracy());
                })
                .toList();
        return new Groups(name, rows);
    }

    private static Resampling.Measure measure(ChoiceHoldout holdout) {
        return examples -> holdout.predictions().metrics(examples).values();
    }

    /** How far the second model is from the first on the same set, a difference a metric of {@link #COMPARED}. */
    public static List<PairedBootstrap.Difference> differences(ChoiceHoldout first, ChoiceHoldout second) {
        return Resampling.differences(first.size(), measure(first), measure(second), COMPARED);
    }
}
