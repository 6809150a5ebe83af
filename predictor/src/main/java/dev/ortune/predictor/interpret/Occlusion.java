package dev.ortune.predictor.interpret;

import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * How much the predicted label's probability falls when a word is left out (Zeiler and Fergus 2014, arXiv:1311.2901, for
 * images).
 *
 * @param words how many the text has
 */
public record Occlusion(int words) implements Attribution {
    @Override
    public Set<BitSet> coalitions() {
        Set<BitSet> coalitions = new LinkedHashSet<>(Set.of(Attribution.all(words)));
        for (int word = 0; word < words; word++) {
            coalitions.add(without(word));
        }
        return coalitions;
    }

    private BitSet without(int word) {
        BitSet others = Attribution.all(words);
        others.clear(word);
        return others;
    }

    @Override
    public double[] shares(ToDoubleFunction<BitSet> value) {
        double whole = value.applyAsDouble(Attribution.all(words));
        double[] shares = new double[words];
        for (int word = 0; word < words; word++) {
            shares[word] = whole - value.applyAsDouble(without(word));
        }
        return shares;
    }
}
