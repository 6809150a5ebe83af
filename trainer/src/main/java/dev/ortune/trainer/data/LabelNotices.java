package dev.ortune.trainer.data;

import dev.ortune.trainer.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is odd about the labels of a run's sets, and may well be meant: a line each. */
public final class LabelNotices {
    /** Rows a label on average, below which it is doubted that the column is one of labels. */
    private static final int FEWEST_ROWS = 10;

    private static final int MOST_NAMED = 5;

    /** The root mean square of numbers from which steps of the usual size take too many to get there. */
    private static final double LARGE = 10;

    private LabelNotices() {}

    /**
     * Looks at the sets of a run.
     *
     * @param validation may be null
     * @param test may be null
     */
    public static List<String> of(Dataset train, Dataset validation, Dataset test) {
        List<String> notices = new ArrayList<>();
        addLargeNumbers(notices, train);
        int[] counts = train.occurrences();
        long rows = IntStream.range(0, counts.length).mapToLong(i -> counts[i]).sum();
        String what = words(train) ? "word" : "row";
        // Two labels are plainly labels, however few rows there are to try things out.
        if (counts.length > 2 && (long) counts.length * FEWEST_ROWS > rows) {
            notices.add(counts.length + " labels for " + rows + " " + what + "s of " + train.name()
                    + ": is it the column of labels?");
        }
        add(notices, train.name() + " has a single " + what + " with", train, label -> counts[label] == 1);
        for (Dataset held : new Dataset[] {validation, test}) {
            if (held != null) {
                int[] there = held.occurrences();
                add(
                        notices,
                        train.name() + " has none of the labels of " + held.name() + ":",
                        train,
                        label -> counts[label] == 0 && there[label] > 0);
                add(
                        notices,
                        held.name() + " has none of the labels of " + train.name() + ":",
                        train,
                        label -> counts[label] > 0 && there[label] == 0);
            }
        }
        return notices;
    }

    private static void addLargeNumbers(List<String> notices, Dataset train) {
        double size = Math.sqrt(train.examples().stream()
                .map(Example::target)
                .filter(Target.NumberLabel.class::isInstance)
                .mapToDouble(target -> Math.pow(((Target.NumberLabel) target).value(), 2))
                .average()
                .orElse(0));
        if (size > LARGE) {
            notices.add(String.format(
                    Locale.ROOT,
                    "the numbers of %s are of the size of %.4g, and a fresh head begins at about 0: it learns them in fewer steps"
                            + " when they are divided by that",
                    train.name(),
                    size));
        }
    }

    private static void add(List<String> notices, String what, Dataset set, IntPredicate concerned) {
        List<String> names = set.labels().names();
        List<Integer> labels =
                IntStream.range(0, names.size()).filter(concerned).boxed().toList();
        if (!labels.isEmpty()) {
            int more = labels.size() - MOST_NAMED;
            notices.add(labels.stream()
                    .limit(MOST_NAMED)
                    .map(label -> Printable.of(names.get(label)))
                    .collect(Collectors.joining(", ", what + " ", more > 0 ? " and " + more + " more" : "")));
        }
    }

    private static boolean words(Dataset set) {
        return set.size() > 0 && set.examples().get(0).target() instanceof Target.WordLabels;
    }
}
