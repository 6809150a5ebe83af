package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.ClassPredictions;
import dev.ortune.trainer.report.ClassificationMetrics;
import dev.ortune.trainer.report.run.ClassHoldout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All that is measured of a classifier of whole texts.
 *
 * @param metrics loss, accuracy, F1, MCC and the confusion matrix
 * @param intervals of accuracy and MCC
 * @param rankings a label against all others
 * @param calibration whether it is right as often as it says
 * @param batches MCC a batch
 */
public record ClassScores(
        ClassificationMetrics metrics,
        Bootstrap intervals,
        List<LabelRanking> rankings,
        Calibration calibration,
        BatchMcc batches)
        implements Scores {
    public ClassScores {
        rankings = List.copyOf(rankings);
    }

    /** Measures. */
    static ClassScores of(ClassHoldout holdout) {
        ClassPredictions predictions = holdout.predictions();
        return new ClassScores(
                predictions.metrics(),
                Bootstrap.of(
                        predictions.labels(),
                        predictions.predictions(),
                        predictions.classes(),
                        Bootstrap.SAMPLES,
                        Bootstrap.SEED),
                LabelRanking.of(holdout),
                calibration(holdout),
                predictions.batchMcc(BatchMcc.BATCH_SIZE));
    }

    /** Area under the ROC curve; of more than two labels the mean; NaN where it is not defined. */
    public double auc() {
        return LabelRanking.macroAuc(rankings);
    }

    /** Average precision, likewise. */
    public double averagePrecision() {
        return LabelRanking.macroAveragePrecision(rankings);
    }

    private static Calibration calibration(ClassHoldout holdout) {
        double[] confidences = IntStream.range(0, holdout.size())
                .mapToDouble(holdout::confidence)
                .toArray();
        boolean[] right = new boolean[holdout.size()];
        for (int i = 0; i < right.length; i++) {
            right[i] = holdout.isRight(i);
        }
        return Calibration.of(confidences, right, Calibration.BINS);
    }
}
