package dev.ortune.trainer.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What was measured as fields of a JSON object, under the names that transformers has for it, and back. */
final class MetricsJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String CONFUSION = "confusion_matrix";
    private static final String ENTITIES = "entities";
    private static final String LABELS = "label_scores";
    private static final String CORRECT = "correct";
    private static final String WORD_LOSS = "mlm_loss";
    private static final String NSP_LOSS = "nsp_loss";

    private MetricsJson() {}

    /**
     * Adds what was measured: {@code loss}, the task's metrics, {@code count}, and the counts that all of it follows from.
     *
     * @param prefix of every name, such as {@code eval_}
     */
    static void put(ObjectNode json, String prefix, Metrics metrics) {
        json.put(prefix + "loss", metrics.loss());
        metrics.values().forEach((metric, value) -> json.put(prefix + metric, value));
        json.put(prefix + "count", metrics.count());
        if (metrics instanceof ClassificationMetrics classes) {
            json.set(prefix + CONFUSION, matrix(classes.confusion()));
        } else if (metrics instanceof MultiLabelMetrics sets) {
            json.set(prefix + LABELS, labelScores(sets.labels()));
        } else if (metrics instanceof TokenMetrics tokens) {
            json.put(prefix + "words", tokens.words().measured())
                    .put(prefix + "correct_words", tokens.words().correct())
                    .put(prefix + "unmeasured_words", tokens.words().unmeasured());
            if (tokens.hasEntities()) {
                json.set(prefix + ENTITIES, types(tokens.types()));
            }
        } else if (metrics instanceof WritingMetrics written) {
            json.put(prefix + "tokens", written.tokens());
        } else if (metrics instanceof ChoiceMetrics choices) {
            json.put(prefix + CORRECT, choices.correct()).put(prefix + "chance", choices.chance());
        } else if (metrics instanceof MaskedWords masked && masked.next() != null) {
            json.put(prefix + WORD_LOSS, masked.wordLoss())
                    .put(prefix + NSP_LOSS, masked.next().loss());
        } else if (metrics instanceof AnswerMetrics answers && answers.mayBeNone()) {
            json.put(prefix + "null_threshold", answers.threshold());
            score(json, prefix + "HasAns_", answers.answerable());
            score(json, prefix + "NoAns_", answers.unanswerable());
            AnswerMetrics.Best best = answers.best();
            json.put(prefix + "best_exact", best.exactMatch().score())
                    .put(prefix + "best_exact_thresh", best.exactMatch().threshold())
                    .put(prefix + "best_f1", best.f1().score())
                    .put(prefix + "best_f1_thresh", best.f1().threshold());
        }
    }

    /** Under the names of SQuAD 2.0's evaluation script. */
    private static void score(ObjectNode json, String prefix, AnswerScore score) {
        json.put(prefix + "exact", score.exactMatch())
                .put(prefix + "f1", score.f1())
                .put(prefix + "total", score.count());
    }

    private static AnswerScore score(JsonNode json, String prefix) {
        return new AnswerScore(
                json.path(prefix + "total").asLong(),
                json.path(prefix + "exact").asDouble(),
                json.path(prefix + "f1").asDouble());
    }

    private static AnswerMetrics answers(JsonNode json, String prefix, double loss) {
        AnswerScore all = new AnswerScore(
                json.path(prefix + "count").asLong(),
                json.path(prefix + Metric.EXACT_MATCH).asDouble(),
                json.path(prefix + Metric.F1).asDouble());
        if (!json.has(prefix + "null_threshold")) {
            return new AnswerMetrics(loss, all);
        }
        return new AnswerMetrics(
                loss,
                all,
                score(json, prefix + "HasAns_"),
                score(json, prefix + "NoAns_"),
                new AnswerMetrics.Best(best(json, prefix + "best_exact"), best(json, prefix + "best_f1")),
                json.path(prefix + "null_threshold").asDouble());
    }

    private static AnswerThreshold best(JsonNode json, String name) {
        return new AnswerThreshold(
                json.path(name).asDouble(), json.path(name + "_thresh").asDouble());
    }

    /** What {@link #put} added, from the counts. */
    static Metrics of(JsonNode json, String prefix) {
        double loss = json.path(prefix + "loss").asDouble();
        if (json.has(prefix + CONFUSION)) {
            return ClassificationMetrics.of(loss, confusion(json.path(prefix + CONFUSION)));
        }
        if (json.has(prefix + Metric.PEARSON)) {
            return new RegressionMetrics(
                    json.path(prefix + "count").asLong(),
                    loss,
                    json.path(prefix + Metric.PEARSON).asDouble(),
                    json.path(prefix + Metric.SPEARMAN).asDouble());
        }
        if (json.has(prefix + Metric.PERPLEXITY)) {
            return masked(json, prefix, loss);
        }
        if (json.has(prefix + LABELS)) {
            return new MultiLabelMetrics(
                    json.path(prefix + "count").asLong(),
                    loss,
                    labelScores(json.path(prefix + LABELS)),
                    json.path(prefix + Metric.EXACT_MATCH).asDouble(),
                    json.path(prefix + Metric.RANKING_AP).asDouble());
        }
        if (json.has(prefix + CORRECT)) {
            return new ChoiceMetrics(
                    json.path(prefix + "count").asLong(),
                    loss,
                    json.path(prefix + CORRECT).asLong(),
                    json.path(prefix + "chance").asDouble());
        }
        if (json.has(prefix + Metric.TOKEN_ACCURACY)) {
            return new WritingMetrics(
                    json.path(prefix + "count").asLong(),
                    json.path(prefix + "tokens").asLong(),
                    loss,
                    json.path(prefix + Metric.TOKEN_ACCURACY).asDouble(),
                    json.path(prefix + Metric.EXACT_MATCH).asDouble());
        }
        if (json.has(prefix + Metric.EXACT_MATCH)) {
            return answers(json, prefix, loss);
        }
        WordCounts words = new WordCounts(
                json.path(prefix + "words").asLong(),
                json.path(prefix + "correct_words").asLong(),
                json.path(prefix + "unmeasured_words").asLong());
        return new TokenMetrics(
                json.path(prefix + "count").asLong(),
                loss,
                words,
                json.has(prefix + ENTITIES) ? types(json.path(prefix + ENTITIES)) : null);
    }

    private static MaskedWords masked(JsonNode json, String prefix, double loss) {
        MaskedWords.NextSentences next = json.has(prefix + NSP_LOSS)
                ? new MaskedWords.NextSentences(
                        json.path(prefix + NSP_LOSS).asDouble(),
                        json.path(prefix + Metric.NSP_ACCURACY).asDouble())
                : null;
        return new MaskedWords(
                json.path(prefix + "count").asLong(),
                json.path(prefix + WORD_LOSS).asDouble(loss),
                json.path(prefix + Metric.ACCURACY).asDouble(),
                next);
    }

    static ArrayNode matrix(ConfusionMatrix confusion) {
        ArrayNode rows = JSON.createArrayNode();
        for (long[] row : confusion.counts()) {
            ArrayNode cells = rows.addArray();
            for (long count : row) {
                cells.add(count);
            }
        }
        return rows;
    }

    private static ConfusionMatrix confusion(JsonNode rows) {
        long[][] counts = new long[rows.size()][rows.size()];
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                counts[i][j] = rows.path(i).path(j).asLong();
            }
        }
        return new ConfusionMatrix(counts);
    }

    /** By type, with the names of the seqeval metric of Hugging Face's evaluate; {@code number} is the support. */
    static ObjectNode types(List<TypeScore> types) {
        ObjectNode json = JSON.createObjectNode();
        types.forEach(score -> json.putObject(score.type())
                .put("precision", score.precision())
                .put("recall", score.recall())
                .put("f1", score.f1())
                .put("number", score.support())
                .put("predicted", score.predicted())
                .put("correct", score.correct()));
        return json;
    }

    private static List<TypeScore> types(JsonNode json) {
        List<TypeScore> types = new ArrayList<>();
        json.properties()
                .forEach(field -> types.add(new TypeScore(
                        field.getKey(),
                        field.getValue().path("correct").asLong(),
                        field.getValue().path("predicted").asLong(),
                        field.getValue().path("number").asLong())));
        return types;
    }

    private static ObjectNode labelScores(List<LabelScore> scores) {
        ObjectNode json = JSON.createObjectNode();
        scores.forEach(score -> json.putObject(score.name())
                .put("threshold", score.threshold())
                .put("precision", score.precision())
                .put("recall", score.recall())
                .put("f1", score.f1())
                .put("number", score.support())
                .put("predicted", score.predicted())
                .put("correct", score.correct()));
        return json;
    }

    private static List<LabelScore> labelScores(JsonNode json) {
        List<LabelScore> scores = new ArrayList<>();
        json.properties()
                .forEach(field -> scores.add(new LabelScore(
                        field.getKey(),
                        field.getValue().path("threshold").asDouble(),
                        field.getValue().path("correct").asLong(),
                        field.getValue().path("predicted").asLong(),
                        field.getValue().path("number").asLong())));
        return scores;
    }
}
