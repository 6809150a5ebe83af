package dev.ortune.predictor.interpret;

import java.util.BitSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * A way to say what each word of a text does to its verdict: which sets of its words the model must be asked about, and the
 * words' shares in what it says of them. Words are numbers from 0; the set of all is always among those asked about.
 */
public interface Attribution {
    /** The sets of words to ask about. */
    Set<BitSet> coalitions();

    /**
     * What each word does, {@code [words]}; below 0 where it speaks against the verdict.
     *
     * @param value the verdict's probability when only the words of a set are there
     */
    double[] shares(ToDoubleFunction<BitSet> value);

    /** The set of {@code words} words. */
    static BitSet all(int words) {
        BitSet all = new BitSet(words);
        all.set(0, words);
        return all;
    }
}
