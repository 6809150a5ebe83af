package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.statistics.IntervalScores;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Tables and tiles of scores that each have an interval. */
final class ScoreRows {
    private ScoreRows() {}

    /** A row a score, a column a set. */
    static List<SetResults.ScoreRow> of(Map<String, ? extends IntervalScores> scores) {
        Collection<? extends IntervalScores> sets = scores.values();
        List<SetResults.ScoreRow> rows = new ArrayList<>();
        rows.add(row(
                "sentences",
                sets,
                set -> new SetResults.Value(Format.count(set.metrics().count()), null)));
        rows.add(row(
                "loss",
                sets,
                set -> new SetResults.Value(Text.score(set.metrics().loss()), null)));
        sets.iterator()
                .next()
                .intervals()
                .keySet()
                .forEach(metric -> rows.add(row(
                        metric.title(),
                        sets,
                        set -> new SetResults.Value(
                                Text.score(metric.of(set.metrics())),
                                Text.interval(set.intervals().get(metric))))));
        return rows;
    }

    private static SetResults.ScoreRow row(
            String name, Collection<? extends IntervalScores> sets, Function<IntervalScores, SetResults.Value> value) {
        return new SetResults.ScoreRow(name, sets.stream().map(value).toList());
    }

    /** A tile a metric. */
    static List<Tile> tiles(String role, IntervalScores scores) {
        List<Tile> tiles = new ArrayList<>();
        for (Metric metric : scores.intervals().keySet()) {
            String title = metric.title().substring(0, 1).toUpperCase(Locale.ROOT)
                    + metric.title().substring(1);
            tiles.add(new Tile(
                    tiles.isEmpty() ? title + ", " + role + " set" : title,
                    Text.score(metric.of(scores.metrics())),
                    "95 %: " + Text.shortInterval(scores.intervals().get(metric))));
        }
        return tiles;
    }
}
