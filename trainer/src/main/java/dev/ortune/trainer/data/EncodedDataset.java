package dev.ortune.trainer.data;

import dev.ortune.trainer.text.Encoding;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A data set with each example's tokens, and what a graph is told of them.
 *
 * @param dataset the examples
 * @param encodings their tokens, in the same order
 * @param targets by the name of a batch's array, in the same order
 */
public record EncodedDataset(Dataset dataset, List<Encoding> encodings, Map<String, Targets> targets) {
    public EncodedDataset {
        encodings = List.copyOf(encodings);
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
        if (encodings.size() != dataset.size()) {
            throw new IllegalArgumentException(encodings.size() + " encodings of " + dataset.size() + " examples");
        }
        if (targets.values().stream().anyMatch(target -> target.size() != dataset.size())) {
            throw new IllegalArgumentException("not a target for each of " + dataset.size() + " examples");
        }
    }

    /** One of texts with a label each. */
    public EncodedDataset(Dataset dataset, List<Encoding> encodings) {
        this(dataset, encodings, Map.of(Batch.LABELS, Targets.ofClasses(dataset)));
    }

    /**
     * Tokenises texts with a label each, several at once; {@code encode} must be safe for use by several threads.
     */
    public static EncodedDataset encode(Dataset dataset, Function<Example, Encoding> encode) {
        return new EncodedDataset(dataset, encodings(dataset, encode));
    }

    /** The tokens of every example, several at once; {@code encode} must be safe for use by several threads. */
    public static List<Encoding> encodings(Dataset dataset, Function<Example, Encoding> encode) {
        return dataset.examples().parallelStream().map(encode).toList();
    }

    public int size() {
        return encodings.size();
    }

    /** Tokens of each example, special tokens included, {@code [size]}. */
    public int[] lengths() {
        return encodings.stream().mapToInt(Encoding::length).toArray();
    }

    /** Tokens of all examples, special tokens included. */
    public long tokens() {
        return encodings.stream().mapToLong(Encoding::length).sum();
    }

    /** Tokens of the longest example. */
    public int maxLength() {
        return encodings.stream().mapToInt(Encoding::length).max().orElse(0);
    }

    /** Tokens of an example on average. */
    public double meanLength() {
        return encodings.stream().mapToInt(Encoding::length).average().orElse(0);
    }

    /** Examples that lost tokens to the maximal length. */
    public int truncated() {
        return (int) encodings.stream().filter(e -> e.truncated() > 0).count();
    }

    /** Tokens that were cut off in all. */
    public long truncatedTokens() {
        return encodings.stream().mapToLong(Encoding::truncated).sum();
    }

    /** Words that lost all their tokens to the maximal length, or of which no token is made; 0 for texts that are no words. */
    public long unseenWords() {
        long unseen = 0;
        for (int row = 0; row < size(); row++) {
            if (dataset.examples().get(row).target() instanceof Target.WordLabels target) {
                unseen += target.words().size()
                        - Arrays.stream(encodings.get(row).words())
                                .filter(word -> word != Encoding.NO_WORD)
                                .distinct()
                                .count();
            }
        }
        return unseen;
    }

    /** The token ids that occur. */
    public BitSet tokenIds() {
        BitSet ids = new BitSet();
        for (Encoding encoding : encodings) {
            for (int id : encoding.ids()) {
                ids.set(id);
            }
        }
        return ids;
    }
}
