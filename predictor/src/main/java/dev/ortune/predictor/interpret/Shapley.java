package dev.ortune.predictor.interpret;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Shapley values: what a word adds to the verdict's probability when it joins others, on average over all orders in which
 * words may join (Shapley 1953; for classifiers Štrumbelj and Kononenko 2010, JMLR 11). With v the probability and n words,
 *
 * <pre>share(i) = Σ over S without i of |S|! (n - |S| - 1)! / n! · (v(S + i) - v(S))</pre>
 *
 * <p>The shares add up to v(all) - v(none). Where 2ⁿ sets are too many, the average is that of random orders, each with its
 * reverse (antithetic sampling; Mitchell, Cooper, Frank and Holmes 2022, JMLR 23(43), section 2.2). Then the shares still
 * add up, in every order; the same text has the same shares every time, since the seed is fixed.
 */
public final class Shapley implements Attribution {
    private static final long SEED = 1953;

    /** A larger number of sets is no {@code int}. */
    private static final int MOST_WORDS_IN_A_MASK = 30;

    private final int words;

    /** Orders in which words join, {@code [orders][words]}; none where all sets are asked about. */
    private final List<int[]> orders;

    private Shapley(int words, List<int[]> orders) {
        this.words = words;
        this.orders = orders;
    }

    /**
     * Of as many orders as can be afforded, but two at least.
     *
     * @param most sets of words to ask about
     */
    public static Shapley of(int words, int most) {
        if (words <= MOST_WORDS_IN_A_MASK && 1 << words <= most) {
            return new Shapley(words, List.of());
        }
        // An order has the sets none and all in common with every other.
        int pairs = Math.max(1, (most - 2) / (2 * Math.max(1, words - 1)));
        Random random = new Random(SEED);
        List<int[]> orders = new ArrayList<>();
        List<Integer> order = new ArrayList<>(IntStream.range(0, words).boxed().toList());
        for (int pair = 0; pair < pairs; pair++) {
            Collections.shuffle(order, random);
            orders.add(order.stream().mapToInt(Integer::intValue).toArray());
            List<Integer> reverse = new ArrayList<>(order);
            Collections.reverse(reverse);
            orders.add(reverse.stream().mapToInt(Integer::intValue).toArray());
        }
        return new Shapley(words, orders);
    }

    /** Whether all sets are asked about, so that nothing is left to chance. */
    public boolean isExact() {
        return orders.isEmpty();
    }

    @Override
    public Set<BitSet> coalitions() {
        Set<BitSet> coalitions = new LinkedHashSet<>(Set.of(Attribution.all(words)));
        if (isExact()) {
            for (long mask = 0; mask < 1L << words; mask++) {
                coalitions.add(BitSet.valueOf(new long[] {mask}));
            }
        }
        for (int[] order : orders) {
            BitSet joined = new BitSet(words);
            coalitions.add((BitSet) joined.clone());
            for (int word : order) {
                joined.set(word);
                coalitions.add((BitSet) joined.clone());
            }
        }
        return coalitions;
    }

    @Override
    public double[] shares(ToDoubleFunction<BitSet> value) {
        return isExact() ? exact(value) : sampled(value);
    }

    private double[] exact(ToDoubleFunction<BitSet> value) {
        double[] weights = weights();
        double[] shares = new double[words];
        for (BitSet set : coalitions()) {
            double v = value.applyAsDouble(set);
            int size = set.cardinality();
            for (int word = 0; word < words; word++) {
                shares[word] += set.get(word) ? weights[size - 1] * v : -weights[size] * v;
            }
        }
        return shares;
    }

    /** Of sets by their size, {@code |S|! (n - |S| - 1)! / n!}, which is 1 / (n · (n - 1 over |S|)); {@code [words + 1]}. */
    private double[] weights() {
        double[] weights = new double[words + 1];
        double choose = 1;
        for (int size = 0; size < words; size++) {
            weights[size] = 1 / (words * choose);
            choose = choose * (words - 1 - size) / (size + 1);
        }
        return weights;
    }

    private double[] sampled(ToDoubleFunction<BitSet> value) {
        double[] shares = new double[words];
        for (int[] order : orders) {
            BitSet joined = new BitSet(words);
            double before = value.applyAsDouble(joined);
            for (int word : order) {
                joined.set(word);
                double after = value.applyAsDouble(joined);
                shares[word] += (after - before) / orders.size();
                before = after;
            }
        }
        return shares;
    }
}
