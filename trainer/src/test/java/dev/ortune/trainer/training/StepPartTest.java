package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.task.head.CrossEntropy;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepPartTest {
    /** An epoch of 40 sentences in batches of 32, and two batches a step. */
    @Test
    void asManyAsTheSentences() {
        assertThat(StepPart.of(32, 8)).containsExactly(new StepPart(0, 2, 0.8), new StepPart(1, 2, 0.2));
        assertThat(StepPart.of(16, 16)).containsExactly(StepPart.equal(0, 2), StepPart.equal(1, 2));
    }

    /** A batch of sentences whose words were all cut off says nothing. */
    @Test
    void withoutALabel() {
        assertThat(StepPart.of(0, 0)).isEqualTo(List.of(StepPart.equal(0, 2), StepPart.equal(1, 2)));
        assertThat(StepPart.of(4, 0)).extracting(StepPart::share).containsExactly(1.0, 0.0);
    }

    @Test
    void labelsByTheirWeights() {
        assertThat(new CrossEntropy(0.1, null).weight(new long[] {1, -100, 0})).isEqualTo(2);
        assertThat(new CrossEntropy(0, new float[] {0.5f, 2}).weight(new long[] {1, -100, 0, 1}))
                .isEqualTo(4.5);
    }
}
