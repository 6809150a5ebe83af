package dev.ortune.trainer.data;

import dev.ortune.trainer.text.Encoding;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/**
 * A data set with each example's tokens.
 *
 * @param dataset the examples
 * @param encodings their tokens, in the same order
 */
public record EncodedDataset(Dataset dataset, List<Encoding> encodings) {
    public EncodedDataset {
        encodings = List.copyOf(encodings);
        if (encodings.size() != dataset.size()) {
            throw new IllegalArgumentException(encodings.size() + " encodings of " + dataset.size() + " examples");
        }
    }

    /** Tokenises every example, several at once; {@code encode} must be safe for use by several threads. */
    public static EncodedDataset encode(Dataset dataset, Function<Example, Encoding> encode) {
        return new EncodedDataset(
                dataset, dataset.examples().parallelStream().map(encode).toList());
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
