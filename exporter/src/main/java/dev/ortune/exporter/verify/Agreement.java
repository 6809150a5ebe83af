package dev.ortune.exporter.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * How far two models say the same.
 *
 * @param unit what has a verdict
 * @param count how many of them
 * @param share of those with the same verdict, at most 1; of numbers the share of their variance that the other model
 *     gives back
 */
public record Agreement(Unit unit, long count, double share) {
    /** What has a verdict. */
    public enum Unit {
        TEXTS,
        TOKENS,
        /** Labels of texts, each given or not. */
        LABELS,
        NUMBERS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For the table: of texts unless it says something else. */
    public String inTable() {
        return switch (unit) {
            case TEXTS -> percent();
            case TOKENS, LABELS -> percent() + " of " + unit;
            case NUMBERS -> String.format(Locale.ROOT, "R2 %.4f", share);
        };
    }

    /** What is wrong with too small a share, in one sentence. */
    String failure(double least) {
        return unit == Unit.NUMBERS
                ? String.format(
                        Locale.ROOT,
                        "it gives back %.2f %% of the variance, less than %.0f %%",
                        100 * share,
                        100 * least)
                : String.format(Locale.ROOT, "it keeps %s of the verdicts, fewer than %.0f %%", percent(), 100 * least);
    }

    private String percent() {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    /** As export.json has it. */
    void write(ObjectNode json) {
        json.put(unit == Unit.NUMBERS ? "explained_variance" : "equal_verdicts", share);
        json.putObject("verdicts").put("of", unit.toString()).put("count", count);
    }
}
