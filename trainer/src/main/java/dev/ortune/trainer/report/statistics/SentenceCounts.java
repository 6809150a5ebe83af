package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.TokenMetrics;
import dev.ortune.trainer.report.TokenPredictions;
import dev.ortune.trainer.report.TypeScore;
import dev.ortune.trainer.report.WordCounts;
import java.util.List;

/** What each sentence adds to a classifier of words' counts, so that samples of sentences are measured by sums. */
final class SentenceCounts {
    private final boolean entities;
    private final TokenMetrics[] sentences;

    private SentenceCounts(boolean entities, TokenMetrics[] sentences) {
        this.entities = entities;
        this.sentences = sentences;
    }

    static SentenceCounts of(TokenPredictions predictions) {
        TokenMetrics[] sentences = new TokenMetrics[predictions.size()];
        for (int i = 0; i < sentences.length; i++) {
            TokenMetrics each = predictions.metrics(new int[] {i});
            sentences[i] = new TokenMetrics(1, 0, each.words(), each.hasEntities() ? List.of(each.all()) : null);
        }
        return new SentenceCounts(sentences.length > 0 && sentences[0].hasEntities(), sentences);
    }

    /** What is measured. */
    List<Metric> metrics() {
        return entities
                ? List.of(Metric.PRECISION, Metric.RECALL, Metric.F1, Metric.ACCURACY)
                : List.of(Metric.ACCURACY);
    }

    /** Of some of the sentences, each as often as it is drawn. */
    Sum sum(int[] drawn) {
        long[] counts = new long[5];
        for (int sentence : drawn) {
            WordCounts words = sentences[sentence].words();
            counts[0] += words.measured();
            counts[1] += words.correct();
            if (entities) {
                TypeScore all = sentences[sentence].types().get(0);
                counts[2] += all.correct();
                counts[3] += all.predicted();
                counts[4] += all.support();
            }
        }
        return new Sum(new WordCounts(counts[0], counts[1], 0), new TypeScore("all", counts[2], counts[3], counts[4]));
    }

    /** Counts of a sample. */
    record Sum(WordCounts words, TypeScore entities) {
        double value(Metric metric) {
            return switch (metric) {
                case PRECISION -> entities.precision();
                case RECALL -> entities.recall();
                case F1 -> entities.f1();
                case ACCURACY -> words.accuracy();
                default -> throw new IllegalArgumentException(metric + " is not counted");
            };
        }
    }
}
