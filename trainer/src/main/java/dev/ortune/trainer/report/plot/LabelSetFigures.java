package dev.ortune.trainer.report.plot;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.LabelSetPredictions;
import dev.ortune.trainer.report.statistics.Ranking;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which of several labels a model gave to a set that was held out. */
public final class LabelSetFigures {
    private static final int HEIGHT = 360;
    private static final int MOST_LABELS = 6;
    private static final int MOST_POINTS = 600;

    private LabelSetFigures() {}

    /** Precision over recall of the labels that most texts have; nothing where no label's are defined. */
    public static List<Figure> of(LabelSetPredictions predictions) {
        List<Integer> labels = IntStream.range(0, predictions.names().size())
                .boxed()
                .filter(label -> ranking(predictions, label).isDefined())
                .sorted(Comparator.comparingLong(
                        (Integer label) -> -ranking(predictions, label).positives()))
                .limit(MOST_LABELS)
                .toList();
        if (labels.isEmpty()) {
            return List.of();
        }
        Plot plot = new Plot("recall", "precision").xRange(0, 1.01).yRange(0, 1.02);
        for (int i = 0; i < labels.size(); i++) {
            Ranking ranking = ranking(predictions, labels.get(i));
            plot.line(
                    predictions.names().get(labels.get(i)) + ", AP " + Format.score(ranking.averagePrecision()),
                    ranking.precisionRecall().thinned(MOST_POINTS),
                    Palette.series(i),
                    2,
                    1);
        }
        return List.of(new Figure(
                "precision_recall",
                "Precision and recall",
                "Precision over recall for every threshold of the labels that most texts have",
                plot.chartWithLegend(),
                TrainingFigures.HALF,
                HEIGHT));
    }

    private static Ranking ranking(LabelSetPredictions predictions, int label) {
        double[] scores = new double[predictions.size()];
        boolean[] positive = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = predictions.logits()[i][label];
            positive[i] = predictions.labels()[i][label];
        }
        return Ranking.of(scores, positive);
    }
}
