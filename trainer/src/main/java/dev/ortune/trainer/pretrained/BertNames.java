package dev.ortune.trainer.pretrained;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The spellings under which checkpoints keep BERT's tensors, turned into those of BertForSequenceClassification. */
final class BertNames {
    private BertNames() {}

    /** Whether a classifier has a use for the tensor; pre-training heads and index buffers are left where they are. */
    static boolean isUsed(String name) {
        return canonical(name).isPresent();
    }

    /**
     * The name in {@link BertTensors}' spelling: with the prefix {@code bert.}, which bare encoders lack, and with
     * {@code weight} and {@code bias} for the {@code gamma} and {@code beta} of old LayerNorms.
     */
    static Optional<String> canonical(String name) {
        String modern = name.replaceFirst("LayerNorm\\.gamma$", "LayerNorm.weight")
                .replaceFirst("LayerNorm\\.beta$", "LayerNorm.bias");
        if (!modern.endsWith(".weight") && !modern.endsWith(".bias")) {
            return Optional.empty();
        }
        if (modern.matches("(embeddings|encoder|pooler)\\.[\\w.]+")) {
            return Optional.of("bert." + modern);
        }
        return modern.matches("bert\\.(embeddings|encoder|pooler)\\.[\\w.]+|classifier\\.(weight|bias)")
                ? Optional.of(modern)
                : Optional.empty();
    }

    /** The used tensors under their canonical names. */
    static Weights canonical(Weights weights) {
        List<Tensor> renamed = new ArrayList<>();
        for (Tensor tensor : weights.all()) {
            canonical(tensor.name()).ifPresent(name -> renamed.add(new Tensor(name, tensor.shape(), tensor.data())));
        }
        return new Weights(weights.origin(), renamed);
    }
}
