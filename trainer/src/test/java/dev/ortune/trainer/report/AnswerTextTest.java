package dev.ortune.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers score what transformers' SQuAD metrics give them; src/test/golden/make_answers.py wrote these down. */
class AnswerTextTest {
    private static final double EXACTLY = 1e-12;

    @Test
    void setsOfAnswersScoreWhatTheyScoreInTransformers() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(AnswerTextTest.class.getResourceAsStream("/golden/answers/scores.json"));
        assertThat(cases).hasSizeGreaterThanOrEqualTo(300);
        for (JsonNode each : cases) {
            List<AnsweredQuestion> questions = new ArrayList<>();
            each.path("questions").forEach(question -> questions.add(question(question)));
            double threshold = each.path("threshold").asDouble();
            AnswerMetrics metrics = new AnswerPredictions(questions, 0.5, true, threshold).metrics();
            requireEqual(each, metrics);
            ObjectNode json = new ObjectMapper().createObjectNode();
            MetricsJson.put(json, "eval_", metrics);
            assertThat(MetricsJson.of(json, "eval_")).isEqualTo(metrics);
        }
    }

    private static AnsweredQuestion question(JsonNode json) {
        List<String> right = new ArrayList<>();
        json.path("answers").forEach(answer -> right.add(answer.textValue()));
        AnswerSpan answer = new AnswerSpan(json.path("prediction").textValue(), 0, 0, 0, 0, 1);
        return new AnsweredQuestion(right, List.of(answer), json.path("null").asDouble());
    }

    private static void requireEqual(JsonNode each, AnswerMetrics metrics) {
        JsonNode expected = each.path("expected");
        String what = each.toString();
        requireEqual(what, metrics.all(), expected, "");
        if (expected.has("HasAns_total")) {
            requireEqual(what, metrics.answerable(), expected, "HasAns_");
        }
        if (expected.has("NoAns_total")) {
            requireEqual(what, metrics.unanswerable(), expected, "NoAns_");
        }
        requireEqual(what, metrics.best().exactMatch(), expected, "best_exact");
        requireEqual(what, metrics.best().f1(), expected, "best_f1");
    }

    private static void requireEqual(String what, AnswerScore score, JsonNode expected, String prefix) {
        assertThat(score.count())
                .as(what)
                .isEqualTo(expected.path(prefix + "total").asLong());
        assertThat(100 * score.exactMatch())
                .as(what)
                .isCloseTo(expected.path(prefix + "exact").asDouble(), within(100 * EXACTLY));
        assertThat(100 * score.f1())
                .as(what)
                .isCloseTo(expected.path(prefix + "f1").asDouble(), within(100 * EXACTLY));
    }

    /** Where no answer at all is best, SQuAD's script says 0, which is below every probability; here it is below every score. */
    private static void requireEqual(String what, AnswerThreshold best, JsonNode expected, String name) {
        assertThat(100 * best.score()).as(what).isCloseTo(expected.path(name).asDouble(), within(100 * EXACTLY));
        double threshold = expected.path(name + "_thresh").asDouble();
        assertThat(best.threshold()).as(what).isEqualTo(best.threshold() < 0 ? best.threshold() : threshold);
        if (threshold > 0) {
            assertThat(best.threshold()).as(what).isEqualTo(threshold);
        }
    }

    @Test
    void noAnswersAtAllAreAThresholdToo() {
        AnswerThreshold best = AnswerThreshold.best(
                new double[] {0, 0}, new boolean[] {true, true}, new boolean[] {false, true}, new double[] {-3, 2}, -4);
        assertThat(best).isEqualTo(new AnswerThreshold(0.5, -4));
    }

    @Test
    void blanksArePythons() {
        assertThat(AnswerText.stripped("\u2003\u001f\u00a0 who?  ")).isEqualTo("who?  ");
        assertThat(AnswerText.stripped("\u200bwho?")).isEqualTo("\u200bwho?");
    }
}
