package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.training.Objective.ClassWeights;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
    @Test
    void balancedIsScikitLearns() {
        // 4 / (2 * 1) and 4 / (2 * 3)
        assertThat(ClassWeights.parse("balanced").of(set(0, 1, 1, 1))).containsExactly(2f, 2f / 3);
    }

    @Test
    void balancedNeedsEveryLabel() {
        assertThatThrownBy(() -> ClassWeights.parse("balanced").of(set(0, 0)))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("none of LABEL_1");
    }

    @Test
    void givenWeightsAreTaken() {
        assertThat(ClassWeights.parse("1, 2.5").of(set(0, 1))).containsExactly(1f, 2.5f);
        assertThat(ClassWeights.parse("1,2.5")).hasToString("1.0,2.5");
        assertThat(ClassWeights.parse(null).of(set(0, 1))).isNull();
    }

    @Test
    void thereIsAWeightForEachLabel() {
        assertThatThrownBy(() -> ClassWeights.parse("1,2,3").of(set(0, 1)))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("--class-weights gives 3 weights for 2 labels (LABEL_0, LABEL_1)");
    }

    @Test
    void nonsenseIsRefused() {
        for (String text : List.of("1,x", "1,,2", "evenly", "1,-2", "0,1", "NaN,1", "1,Infinity")) {
            assertThatThrownBy(() -> ClassWeights.parse(text))
                    .as(text)
                    .isInstanceOf(OrtuneException.class)
                    .hasMessageContaining("--class-weights must be");
        }
        assertThatThrownBy(() -> new Objective(1, new Objective.Equal())).hasMessageContaining("--label-smoothing");
    }

    @Test
    void theLossTakesBoth() {
        var loss = new Objective(0.1, ClassWeights.parse("1,3")).loss(set(0, 1));
        assertThat(loss.labelSmoothing()).isEqualTo(0.1);
        assertThat(loss.classWeights()).containsExactly(1, 3);
    }

    private static Dataset set(int... labels) {
        List<Example> examples = IntStream.of(labels)
                .mapToObj(label -> new Example("text", null, label, ""))
                .toList();
        return new Dataset("set", examples, Labels.numbered(2));
    }
}
