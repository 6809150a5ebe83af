package dev.ortune.trainer.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 15, 16, 17, 1000, 65_537})
    void hasEachNumberOnce(int size) {
        Permutation order = new Permutation(size, 42);
        BitSet seen = new BitSet();
        for (int place = 0; place < size; place++) {
            int number = order.at(place);
            assertThat(number).isBetween(0, size - 1);
            seen.set(number);
        }
        assertThat(seen.cardinality()).isEqualTo(size);
    }

    @Test
    void reachesTheLargestSize() {
        assertThat(new Permutation(Integer.MAX_VALUE, 1).at(Integer.MAX_VALUE - 1))
                .isNotNegative();
    }

    @Test
    void hasAnotherOrderForAnotherKey() {
        assertThat(order(1)).isNotEqualTo(order(2)).isEqualTo(order(1));
    }

    /** Of all orders of four, each comes up about as often as the others. */
    @Test
    void everyOrderIsAsLikely() {
        int[] counts = new int[256];
        for (int key = 0; key < 24_000; key++) {
            Permutation order = new Permutation(4, Permutation.mixed(key));
            counts[order.at(0) + 4 * order.at(1) + 16 * order.at(2) + 64 * order.at(3)]++;
        }
        assertThat(IntStream.of(counts).filter(count -> count > 0).boxed().toList())
                .hasSize(24)
                .allMatch(count -> count > 850 && count < 1150);
    }

    private static int[] order(long key) {
        Permutation order = new Permutation(100, key);
        return IntStream.range(0, 100).map(order::at).toArray();
    }
}
