package dev.ortune.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Correlations and scores of several labels a text, beside what SciPy and scikit-learn measure: scores.py. */
class ScoresTest {
    private static final Offset<Double> CLOSE = within(1e-9);

    @Test
    void correlationsAreSciPys() throws IOException {
        int defined = 0;
        for (JsonNode golden : golden("numbers")) {
            RegressionMetrics metrics = new NumberPredictions(
                            doubles(golden.path("predictions")), doubles(golden.path("labels")))
                    .metrics();
            assertThat(metrics.loss()).isCloseTo(golden.path("mse").asDouble(), CLOSE);
            assertThat(metrics.rmse()).isCloseTo(Math.sqrt(golden.path("mse").asDouble()), CLOSE);
            assertThat(metrics.pearson()).isCloseTo(golden.path("pearson").asDouble(0), CLOSE);
            assertThat(metrics.spearman()).isCloseTo(golden.path("spearman").asDouble(0), CLOSE);
            defined += golden.has("pearson") ? 1 : 0;
        }
        assertThat(defined).isGreaterThan(75);
    }

    @Test
    void scoresOfSeveralLabelsAreScikitLearns() throws IOException {
        for (JsonNode golden : golden("label_sets")) {
            MultiLabelMetrics metrics = predictions(golden).metrics();
            // Logits are floats here and were doubles there.
            assertThat(metrics.loss()).isCloseTo(golden.path("loss").asDouble(), within(1e-6));
            assertThat(metrics.microF1()).isCloseTo(golden.path("micro").asDouble(), CLOSE);
            assertThat(metrics.macroF1()).isCloseTo(golden.path("macro").asDouble(), CLOSE);
            assertThat(metrics.exactMatch())
                    .isCloseTo(golden.path("exact_match").asDouble(), CLOSE);
            assertThat(metrics.rankingAveragePrecision())
                    .isCloseTo(golden.path("ranking").asDouble(), CLOSE);
            for (int label = 0; label < metrics.labels().size(); label++) {
                LabelScore score = metrics.labels().get(label);
                assertThat(score.precision())
                        .isCloseTo(golden.path("precision").path(label).asDouble(), CLOSE);
                assertThat(score.recall())
                        .isCloseTo(golden.path("recall").path(label).asDouble(), CLOSE);
                assertThat(score.f1()).isCloseTo(golden.path("f1").path(label).asDouble(), CLOSE);
                assertThat(score.support())
                        .isEqualTo(golden.path("support").path(label).asLong());
            }
        }
    }

    /** No other threshold that tells examples apart is better on the set that it was chosen by. */
    @Test
    void noThresholdHasAHigherF1ThanTheChosenOne() throws IOException {
        for (JsonNode golden : golden("label_sets")) {
            LabelSetPredictions predictions = predictions(golden);
            double[] chosen = ThresholdChoice.of(predictions);
            List<LabelScore> best = with(predictions, chosen).metrics().labels();
            for (int label = 0; label < chosen.length; label++) {
                assertThat(chosen[label]).isBetween(0.0, 1.0);
                for (int example = 0; example < predictions.size(); example++) {
                    double[] other = chosen.clone();
                    other[label] = predictions.probability(example, label) + 1e-4;
                    LabelScore score =
                            with(predictions, other).metrics().labels().get(label);
                    // One that gives the label to nobody tells nothing apart.
                    if (score.predicted() > 0) {
                        assertThat(score.f1())
                                .isLessThanOrEqualTo(best.get(label).f1() + 1e-12);
                    }
                }
            }
        }
    }

    @Test
    void aLabelThatNoExampleHasKeepsTheUsualThreshold() {
        LabelSetPredictions predictions = new LabelSetPredictions(
                List.of("a", "b"),
                new float[][] {{-3, 2}, {-1, -2}},
                new boolean[][] {{false, true}, {true, false}},
                new double[] {0.5, 0.5});
        LabelSetPredictions none = new LabelSetPredictions(
                List.of("a"), new float[][] {{3}, {-1}}, new boolean[][] {{false}, {false}}, new double[] {0.5});
        assertThat(ThresholdChoice.of(predictions)).containsExactly(0.1582, 0.5);
        assertThat(ThresholdChoice.of(none)).containsExactly(ThresholdChoice.USUAL);
    }

    @Test
    void lessErrorIsBetter() {
        RegressionMetrics close = new RegressionMetrics(9, 0.25, 0.5, 0.5);
        RegressionMetrics far = new RegressionMetrics(9, 4, 0.6, 0.5);
        assertThat(Metric.RMSE.improves(close, far)).isTrue();
        assertThat(Metric.PEARSON.improves(close, far)).isFalse();
        assertThat(Metric.SPEARMAN.prefers(close, far)).isTrue();
    }

    @Test
    void metricsComeBackFromTheirJson() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        RegressionMetrics numbers = new RegressionMetrics(9, 0.25, 0.5, -0.25);
        var json = mapper.createObjectNode();
        MetricsJson.put(json, "eval_", numbers);
        assertThat(MetricsJson.of(json, "eval_")).isEqualTo(numbers);
        MultiLabelMetrics sets = predictions(golden("label_sets").get(3)).metrics();
        json = mapper.createObjectNode();
        MetricsJson.put(json, "eval_", sets);
        assertThat(MetricsJson.of(mapper.readTree(json.toString()), "eval_")).isEqualTo(sets);
    }

    private static LabelSetPredictions with(LabelSetPredictions predictions, double[] thresholds) {
        return new LabelSetPredictions(predictions.names(), predictions.logits(), predictions.labels(), thresholds);
    }

    private static LabelSetPredictions predictions(JsonNode golden) {
        int labels = golden.path("thresholds").size();
        float[][] logits = new float[golden.path("logits").size()][labels];
        boolean[][] right = new boolean[logits.length][labels];
        for (int i = 0; i < logits.length; i++) {
            for (int label = 0; label < labels; label++) {
                logits[i][label] = golden.path("logits").path(i).path(label).floatValue();
                right[i][label] = golden.path("labels").path(i).path(label).asInt() == 1;
            }
        }
        List<String> names =
                IntStream.range(0, labels).mapToObj(label -> "L" + label).toList();
        return new LabelSetPredictions(names, logits, right, doubles(golden.path("thresholds")));
    }

    private static double[] doubles(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    private static JsonNode golden(String part) throws IOException {
        try (InputStream file = ScoresTest.class.getResourceAsStream("scores.json")) {
            return new ObjectMapper().readTree(file).path(part);
        }
    }
}
