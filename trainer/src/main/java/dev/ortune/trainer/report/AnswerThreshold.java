package dev.ortune.trainer.report;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The best that a model's answers can score if those with too high a null score are taken back.
 *
 * @param score mean over the questions, in [0, 1]
 * @param threshold the highest null score with which an answer stays
 */
public record AnswerThreshold(double score, double threshold) {
    /**
     * Goes through all thresholds, as SQuAD 2.0's evaluation script does (Rajpurkar et al. 2018, arXiv:1806.03822): of equal
     * ones the lowest is taken.
     *
     * @param scores of the answers that a model gave, {@code [questions]}
     * @param answered whether it gave any, {@code [questions]}
     * @param answerable whether there is any, {@code [questions]}
     * @param nullScores how much speaks for no answer, {@code [questions]}
     * @param none the threshold that stands for no answers at all
     */
    public static AnswerThreshold best(
            double[] scores, boolean[] answered, boolean[] answerable, double[] nullScores, double none) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> nullScores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double sum =
                IntStream.range(0, scores.length).filter(i -> !answerable[i]).count();
        double best = sum;
        double threshold = none;
        for (int i : order) {
            sum += answerable[i] ? scores[i] : answered[i] ? -1 : 0;
            if (sum > best) {
                best = sum;
                threshold = nullScores[i];
            }
        }
        return new AnswerThreshold(scores.length == 0 ? 0 : best / scores.length, threshold);
    }
}
