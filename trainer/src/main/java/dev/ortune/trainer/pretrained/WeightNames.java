package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.model.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The spellings under which files keep a family's tensors, turned into those of transformers' classes of today: with the
 * family's prefix, which bare encoders lack, and with {@code weight} and {@code bias} for the {@code gamma} and {@code beta}
 * of old LayerNorms.
 */
final class WeightNames {
    private static final String LAYER = "\\.layer\\.\\d{1,9}\\.";

    private final String prefix;
    /** Those of a network of one layer, which stand for all layers. */
    private final Set<String> known;

    private WeightNames(String prefix, Set<String> known) {
        this.prefix = prefix;
        this.known = known;
    }

    static WeightNames of(Architecture architecture) {
        String words = architecture.wordEmbeddings();
        return new WeightNames(
                words.substring(0, words.indexOf('.') + 1),
                architecture.withLayers(1).weightNames());
    }

    /** Whether the family has a use for the tensor; pre-training heads and index buffers are left where they are. */
    boolean isUsed(String name) {
        return canonical(name).isPresent();
    }

    /** The name in transformers' spelling; empty for tensors that are not used. */
    Optional<String> canonical(String name) {
        String modern = name.replaceFirst("LayerNorm\\.gamma$", "LayerNorm.weight")
                .replaceFirst("LayerNorm\\.beta$", "LayerNorm.bias");
        return isKnown(modern)
                ? Optional.of(modern)
                : Optional.of(prefix + modern).filter(this::isKnown);
    }

    private boolean isKnown(String name) {
        return known.contains(name.replaceFirst(LAYER, ".layer.0."));
    }

    /** The used tensors under their canonical names. */
    Weights canonical(Weights weights) {
        List<Tensor> renamed = new ArrayList<>();
        for (Tensor tensor : weights.all()) {
            canonical(tensor.name()).ifPresent(name -> renamed.add(new Tensor(name, tensor.shape(), tensor.data())));
        }
        return new Weights(weights.origin(), renamed);
    }
}
