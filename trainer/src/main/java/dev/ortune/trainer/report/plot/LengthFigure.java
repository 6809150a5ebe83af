package dev.ortune.trainer.report.plot;

import dev.ortune.trainer.report.run.TokenLengths;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** How long the sentences are. */
public final class LengthFigure {
    private static final int MOST_BINS = 16;

    private LengthFigure() {}

    /**
     * Draws the sets' lengths side by side.
     *
     * @param lengths of one set at least
     * @param maxLength tokens beyond which sentences were cut off
     */
    public static Figure of(TokenLengths lengths, int maxLength) {
        List<String> sets = new ArrayList<>(lengths.bySet().keySet());
        int longest = sets.stream()
                .mapToInt(set -> lengths.bySet().get(set).lastKey())
                .max()
                .orElse(1);
        int width = (longest + MOST_BINS) / MOST_BINS;
        int bins = longest / width + 1;
        Plot plot = new Plot("tokens, special ones included", "sentences (%)").yFromZero();
        double part = 0.9 * width / sets.size();
        for (int i = 0; i < sets.size(); i++) {
            double[] from = new double[bins];
            for (int bin = 0; bin < bins; bin++) {
                from[bin] = bin * width - 0.5 + 0.05 * width + i * part;
            }
            double[] shares = shares(lengths.bySet().get(sets.get(i)), lengths.examples(sets.get(i)), width, bins);
            plot.bars(sets.get(i), from, part, shares, Palette.series(i), 0.85);
        }
        if (maxLength <= bins * width) {
            plot.border(maxLength + 0.5, "cut off beyond " + maxLength, Palette.INK);
        }
        return new Figure(
                "lengths",
                "Sentence lengths",
                "How many tokens the sentences of each set have",
                plot.xRange(-0.5, bins * width - 0.5).wholeX().chart(),
                TrainingFigures.WIDTH,
                TrainingFigures.HEIGHT);
    }

    private static double[] shares(SortedMap<Integer, Long> counts, long examples, int width, int bins) {
        double[] shares = new double[bins];
        counts.forEach((length, count) -> shares[length / width] += 100.0 * count / examples);
        return shares;
    }
}
