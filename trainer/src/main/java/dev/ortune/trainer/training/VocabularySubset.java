package dev.ortune.trainer.training;

import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The rows of the word embedding that the data can reach. No gradient ever arrives at the others, so all that an
 * optimizer does to them is weight decay: they stay out of the session, which spares gradients, moments and updates of
 * most of the table, and get the product of the decay factors at the end. The result is the same.
 */
public final class VocabularySubset {
    private final String table;
    private final int[] ids;
    private final int[] rowOfId;

    /**
     * @param used ids that occur in any text the session will see, padding included
     * @param architecture whose word embedding it is
     */
    public VocabularySubset(BitSet used, Architecture architecture) {
        this(used, architecture.wordEmbeddings(), architecture.vocabSize());
    }

    VocabularySubset(BitSet used, String table, int vocabSize) {
        this.table = table;
        if (used.isEmpty() || used.length() > vocabSize) {
            throw new IllegalArgumentException("Ids up to " + used.length() + " for a vocabulary of " + vocabSize);
        }
        ids = used.stream().toArray();
        rowOfId = new int[vocabSize];
        Arrays.fill(rowOfId, -1);
        for (int row = 0; row < ids.length; row++) {
            rowOfId[ids[row]] = row;
        }
    }

    /** All rows: a session that may see any text. */
    public static VocabularySubset whole(Architecture architecture) {
        BitSet all = new BitSet(architecture.vocabSize());
        all.set(0, architecture.vocabSize());
        return new VocabularySubset(all, architecture);
    }

    /** Number of rows kept. */
    public int size() {
        return ids.length;
    }

    /** The kept ids, ascending. */
    public int[] ids() {
        return ids.clone();
    }

    /** The smaller network. */
    Network shrink(Network network) {
        return network.withVocabSize(ids.length);
    }

    /** Token ids to rows, in place of the ids. */
    long[] rows(long[] tokenIds) {
        long[] rows = new long[tokenIds.length];
        for (int i = 0; i < rows.length; i++) {
            int row = rowOfId[(int) tokenIds[i]];
            if (row < 0) {
                throw new IllegalArgumentException("Token id " + tokenIds[i] + " was not announced to the session");
            }
            rows[i] = row;
        }
        return rows;
    }

    /** The weights with the kept rows alone. */
    Weights shrink(Weights weights) {
        Tensor words = weights.get(table);
        int width = (int) words.shape()[1];
        FloatBuffer all = words.data();
        FloatBuffer kept = allocate((long) ids.length * width);
        for (int id : ids) {
            kept.put(all.duplicate().position(id * width).limit((id + 1) * width));
        }
        return replace(weights, new Tensor(table, new long[] {ids.length, width}, kept.flip()));
    }

    /**
     * The whole table again: trained rows where they were kept, the others shrunk by the decay they missed.
     *
     * @param trained weights of the smaller model; without the table they stay as they are
     * @param original weights before training
     * @param decay product of {@code 1 - lr * weight_decay} over all steps
     */
    Weights expand(Weights trained, Weights original, double decay) {
        if (!trained.contains(table)) {
            return trained;
        }
        Tensor before = original.get(table);
        int width = (int) before.shape()[1];
        FloatBuffer result = allocate(before.elements());
        FloatBuffer source = before.data();
        float factor = (float) decay;
        for (int i = 0; i < result.capacity(); i++) {
            result.put(i, source.get(i) * factor);
        }
        FloatBuffer rows = trained.get(table).data();
        for (int row = 0; row < ids.length; row++) {
            FloatBuffer kept = rows.duplicate().position(row * width).limit((row + 1) * width);
            result.duplicate().position(ids[row] * width).put(kept);
        }
        return replace(trained, new Tensor(table, before.shape(), result));
    }

    private Weights replace(Weights weights, Tensor words) {
        List<Tensor> tensors = new ArrayList<>();
        for (Tensor tensor : weights.all()) {
            tensors.add(tensor.name().equals(table) ? words : tensor);
        }
        return new Weights(weights.origin(), tensors);
    }

    private static FloatBuffer allocate(long elements) {
        return ByteBuffer.allocateDirect(Math.toIntExact(Math.multiplyExact(4, elements)))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
