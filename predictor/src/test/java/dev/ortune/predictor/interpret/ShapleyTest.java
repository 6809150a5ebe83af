package dev.ortune.predictor.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares against their definition, and the axioms that say what they must be. */
class ShapleyTest {
    private static final int MOST = 1024;

    /** A number for each set that says nothing of those for others. */
    private static double noise(BitSet set) {
        return new Random(31L * Arrays.hashCode(set.toLongArray())).nextDouble();
    }

    @Test
    void ofFewWordsTheyAreTheAverageOverAllOrders() {
        int words = 5;
        Shapley shapley = Shapley.of(words, MOST);
        assertThat(shapley.isExact()).isTrue();
        assertThat(shapley.coalitions()).hasSize(1 << words);
        double[] expected = new double[words];
        int orders = addOrders(new int[words], new BitSet(words), 0, expected);
        double[] shares = shapley.shares(ShapleyTest::noise);
        for (int word = 0; word < words; word++) {
            assertThat(shares[word]).isCloseTo(expected[word] / orders, within(1e-12));
        }
    }

    /** Adds what each word adds in each order that begins with the first {@code at} words of {@code order}. */
    private static int addOrders(int[] order, BitSet joined, int at, double[] sums) {
        if (at == order.length) {
            BitSet set = new BitSet();
            for (int word : order) {
                double before = noise(set);
                set.set(word);
                sums[word] += noise(set) - before;
            }
            return 1;
        }
        int orders = 0;
        for (int word = 0; word < order.length; word++) {
            if (!joined.get(word)) {
                order[at] = word;
                joined.set(word);
                orders += addOrders(order, joined, at + 1, sums);
                joined.clear(word);
            }
        }
        return orders;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 10, 11, 40, 256})
    void theyAddUpToWhatAllWordsDoTogether(int words) {
        Shapley shapley = Shapley.of(words, MOST);
        assertThat(shapley.isExact()).isEqualTo(words <= 10);
        double together = noise(Attribution.all(words)) - noise(new BitSet());
        assertThat(Arrays.stream(shapley.shares(ShapleyTest::noise)).sum()).isCloseTo(together, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 11, 20, 40, 256, 512})
    void onlySoManySetsAreAskedAbout(int words) {
        Shapley shapley = Shapley.of(words, MOST);
        assertThat(shapley.coalitions()).hasSizeLessThanOrEqualTo(MOST).contains(Attribution.all(words), new BitSet());
        shapley.shares(set -> {
            assertThat(shapley.coalitions()).contains(set);
            return 0;
        });
    }

    /** An order with its reverse leaves nothing to chance where words act alone or in pairs. */
    @Test
    void wordsThatActInPairsShareEvenlyWhateverTheOrders() {
        int words = 20;
        double[][] pairs = new double[words][words];
        Random random = new Random(7);
        for (double[] row : pairs) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        ToDoubleFunction<BitSet> game = set -> set.stream()
                .mapToDouble(i -> set.stream().mapToDouble(j -> pairs[i][j]).sum())
                .sum();
        double[] shares = Shapley.of(words, 100).shares(game);
        for (int word = 0; word < words; word++) {
            double expected = pairs[word][word];
            for (int other = 0; other < words; other++) {
                expected += other == word ? 0 : (pairs[word][other] + pairs[other][word]) / 2;
            }
            assertThat(shares[word]).isCloseTo(expected, within(1e-9));
        }
    }

    @Test
    void someOrdersComeNearToAllAndAreTheSameEveryTime() {
        int words = 12;
        ToDoubleFunction<BitSet> game = set ->
                1 / (1 + Math.exp(5 - set.stream().mapToDouble(i -> i - 4).sum()));
        double[] exact = Shapley.of(words, 1 << words).shares(game);
        Shapley sampled = Shapley.of(words, MOST);
        assertThat(sampled.isExact()).isFalse();
        double[] shares = sampled.shares(game);
        assertThat(shares).containsExactly(exact, within(0.05));
        assertThat(Shapley.of(words, MOST).shares(game)).isEqualTo(shares);
        assertThat(shares).isNotEqualTo(exact);
    }
}
