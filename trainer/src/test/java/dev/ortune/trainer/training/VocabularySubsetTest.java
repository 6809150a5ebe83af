package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularySubsetTest {
    private static final String TABLE = "bert.embeddings.word_embeddings.weight";

    private final VocabularySubset subset = new VocabularySubset(ids(1, 3), TABLE, 5);

    @Test
    void keepsTheRowsThatAreUsed() {
        Weights small = subset.shrink(weights(5));
        assertThat(floats(small.get(TABLE))).containsExactly(10, 11, 30, 31);
        assertThat(small.get("classifier.bias").shape()).containsExactly(1);
        assertThat(subset.rows(new long[] {3, 1, 1})).containsExactly(1, 0, 0);
    }

    @Test
    void putsTrainedRowsBackAndDecaysTheOthers() {
        Weights original = weights(5);
        Tensor trained = new Tensor(TABLE, new long[] {2, 2}, FloatBuffer.wrap(new float[] {-1, -2, -3, -4}));
        Weights whole = subset.expand(new Weights("trained", List.of(trained)), original, 0.5);
        assertThat(floats(whole.get(TABLE))).containsExactly(0, 0.5f, -1, -2, 10, 10.5f, -3, -4, 20, 20.5f);
    }

    @Test
    void refusesAnIdThatWasNotAnnounced() {
        assertThatThrownBy(() -> subset.rows(new long[] {2})).hasMessage("Token id 2 was not announced to the session");
    }

    @Test
    void refusesIdsBeyondTheVocabulary() {
        assertThatThrownBy(() -> new VocabularySubset(ids(7), TABLE, 5)).hasMessageContaining("vocabulary of 5");
    }

    private static Weights weights(int rows) {
        float[] table = new float[2 * rows];
        for (int i = 0; i < table.length; i++) {
            table[i] = 10 * (i / 2) + i % 2;
        }
        return new Weights(
                "test",
                List.of(
                        new Tensor(TABLE, new long[] {rows, 2}, FloatBuffer.wrap(table)),
                        new Tensor("classifier.bias", new long[] {1}, FloatBuffer.wrap(new float[] {7}))));
    }

    private static BitSet ids(int... ids) {
        BitSet set = new BitSet();
        for (int id : ids) {
            set.set(id);
        }
        return set;
    }

    private static float[] floats(Tensor tensor) {
        float[] values = new float[(int) tensor.elements()];
        tensor.data().get(values);
        return values;
    }
}
