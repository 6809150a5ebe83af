package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.report.ClassificationMetrics;
import dev.ortune.trainer.report.ConfusionMatrix;
import dev.ortune.trainer.report.EvaluationRecord;
import dev.ortune.trainer.report.TokenMetrics;
import dev.ortune.trainer.report.TypeScore;
import dev.ortune.trainer.report.WordCounts;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunStateTest {
    @Test
    void everyBitComesThroughJson() throws JsonProcessingException {
        long[][] counts = {{7, 2}, {1, 5}};
        ClassificationMetrics metrics = ClassificationMetrics.of(1 / 3.0, new ConfusionMatrix(counts));
        ClassificationMetrics lost = ClassificationMetrics.of(Double.NaN, new ConfusionMatrix(counts));
        RunState state = new RunState(
                new Progress.State(41, 3, 1_312, 0.1 + 0.2, Math.PI, 7, 1L << 53, Long.MAX_VALUE),
                new SessionState(82, 0.999_99 * 0.999_98, new LossScale.State(1 / 3f, 12, 2)),
                List.of(
                        new EvaluationRecord(20, 2 / 3.0, Math.E, metrics, true),
                        new EvaluationRecord(40, 4 / 3.0, Math.nextUp(1), lost, false)));
        RunState read = RunState.of(new ObjectMapper().readTree(state.json().toString()));
        assertThat(read.progress()).isEqualTo(state.progress());
        assertThat(read.session()).isEqualTo(state.session());
        assertThat(read.evaluations()).hasSize(2);
        for (int i = 0; i < 2; i++) {
            EvaluationRecord evaluation = read.evaluations().get(i);
            EvaluationRecord kept = state.evaluations().get(i);
            assertThat(evaluation.step()).isEqualTo(kept.step());
            assertThat(evaluation.epoch()).isEqualTo(kept.epoch());
            assertThat(evaluation.trainLoss()).isEqualTo(kept.trainLoss());
            assertThat(evaluation.best()).isEqualTo(kept.best());
            assertThat(Double.valueOf(evaluation.metrics().loss()))
                    .isEqualTo(Double.valueOf(kept.metrics().loss()));
            assertThat(evaluation.metrics().values()).isEqualTo(kept.metrics().values());
            assertThat(((ClassificationMetrics) evaluation.metrics())
                            .confusion()
                            .counts())
                    .isDeepEqualTo(counts);
        }
    }

    @Test
    void thoseOfWordsToo() throws JsonProcessingException {
        TokenMetrics entities = new TokenMetrics(
                9,
                1 / 3.0,
                new WordCounts(100, 93, 4),
                List.of(new TypeScore("LOC", 3, 4, 5), new TypeScore("PER", 0, 0, 1)));
        TokenMetrics parts = new TokenMetrics(9, 0.2, new WordCounts(100, 93, 0), null);
        RunState state = new RunState(
                RunState.START.progress(),
                RunState.START.session(),
                List.of(new EvaluationRecord(1, 1, 1, entities, true), new EvaluationRecord(2, 2, 1, parts, false)));
        RunState read = RunState.of(new ObjectMapper().readTree(state.json().toString()));
        assertThat(read.evaluations()).isEqualTo(state.evaluations());
    }
}
