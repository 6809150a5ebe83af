package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.model.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The spellings under which files keep a family's tensors, turned into those of transformers' classes of today: with the
 * family's prefix, which bare encoders lack, and with {@code weight} and {@code bias} for the {@code gamma} and {@code beta}
 * of old LayerNorms.
 */
final class WeightNames {
    /** The number of a layer, but for that of the first one, which families may make in another way. */
    private static final Pattern LATER_LAYER = Pattern.compile("^(?<modules>[a-zA-Z._]*\\.)[1-9]\\d{0,8}\\.");

    private final String prefix;
    /** Those of a network of two layers, of which the second stands for all that come later. */
    private final Set<String> known;

    private WeightNames(String prefix, Set<String> known) {
        this.prefix = prefix;
        this.known = known;
    }

    static WeightNames of(Architecture architecture) {
        String words = architecture.wordEmbeddings();
        return new WeightNames(
                words.substring(0, words.indexOf('.') + 1),
                architecture.withLayers(Math.min(2, architecture.layers())).weightNames());
    }

    /** Whether the family has a use for the tensor; index buffers and discriminators are left where they are. */
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
        return known.contains(LATER_LAYER.matcher(name).replaceFirst("${modules}1."));
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
