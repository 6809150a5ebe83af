package dev.ortune.trainer.data;

import dev.ortune.trainer.text.Encoding;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A data set with its tokens, and what a graph is told of them. An example is one sequence of tokens, or several, as where a
 * long context is cut into windows, or one of several texts is to be chosen.
 *
 * @param dataset the examples
 * @param encodings the sequences of all examples, in the same order
 * @param targets by the name of a batch's array, one for each sequence, in the same order
 * @param examples position of the example that each sequence is of, ascending, {@code [sequences]}
 * @param together whether all sequences of an example must be in one batch, which then counts examples
 */
public record EncodedDataset(
        Dataset dataset, List<Encoding> encodings, Map<String, Targets> targets, int[] examples, boolean together) {
    public EncodedDataset {
        encodings = List.copyOf(encodings);
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
        if (encodings.size() != examples.length) {
            throw new IllegalArgumentException(encodings.size() + " encodings of " + examples.length + " examples");
        }
        for (int i = 0; i < examples.length; i++) {
            if (examples[i] >= dataset.size() || examples[i] < (i == 0 ? 0 : examples[i - 1])) {
                throw new IllegalArgumentException("encoding " + i + " cannot be of example " + examples[i]);
            }
        }
        int sequences = examples.length;
        if (targets.values().stream().anyMatch(target -> target.size() != sequences)) {
            throw new IllegalArgumentException("not a target for each of " + sequences + " sequences");
        }
    }

    /** One sequence an example. */
    public EncodedDataset(Dataset dataset, List<Encoding> encodings, Map<String, Targets> targets) {
        this(dataset, encodings, targets, IntStream.range(0, dataset.size()).toArray(), false);
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

    /** What batches count: sequences, or examples where all sequences of an example must be in one. */
    public int parts() {
        return together ? dataset.size() : size();
    }

    /** Tokens of the longest sequence of each of these, {@code [parts]}. */
    int[] partLengths() {
        if (!together) {
            return lengths();
        }
        int[] lengths = new int[dataset.size()];
        for (int row = 0; row < examples.length; row++) {
            lengths[examples[row]] =
                    Math.max(lengths[examples[row]], encodings.get(row).length());
        }
        return lengths;
    }

    /** The sequences of some of these, {@code [sequences]}. */
    int[] rows(int[] parts) {
        return together ? Arrays.stream(parts).flatMap(this::rows).toArray() : parts;
    }

    /** The sequences of an example. */
    public IntStream rows(int example) {
        int found = Arrays.binarySearch(examples, example);
        int from = found;
        while (from > 0 && examples[from - 1] == example) {
            from--;
        }
        int to = found;
        while (to >= 0 && to < examples.length && examples[to] == example) {
            to++;
        }
        return found < 0 ? IntStream.empty() : IntStream.range(from, to);
    }

    /** Number of sequences. */
    public int size() {
        return encodings.size();
    }

    /** The example that a sequence is of. */
    public Example example(int sequence) {
        return dataset.examples().get(examples[sequence]);
    }

    /** Tokens of each sequence, special tokens included, {@code [size]}. */
    public int[] lengths() {
        return encodings.stream().mapToInt(Encoding::length).toArray();
    }

    /** Tokens of all sequences, special tokens included. */
    public long tokens() {
        return encodings.stream().mapToLong(Encoding::length).sum();
    }

    /** Tokens of the longest sequence. */
    public int maxLength() {
        return encodings.stream().mapToInt(Encoding::length).max().orElse(0);
    }

    /** Tokens of a sequence on average. */
    public double meanLength() {
        return encodings.stream().mapToInt(Encoding::length).average().orElse(0);
    }

    /** Sequences that lost tokens to the maximal length. */
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
            if (example(row).target() instanceof Target.WordLabels target) {
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
