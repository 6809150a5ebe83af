package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.encoder.BertConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Checks that weights are those of the encoder that a configuration describes. */
final class BertWeights {
    private static final String WORDS = BertTensors.WORD_EMBEDDINGS;

    private final Weights weights;
    private final BertConfig config;
    private final Path configFile;

    BertWeights(Weights weights, ConfigFile config) {
        this.weights = weights;
        this.config = config.config();
        this.configFile = config.file();
    }

    /** The expected tensors in the order of {@link BertTensors}; pooler and classifier only where there are any. */
    Weights checked() {
        requireVocabulary();
        requireLayers();
        List<TensorSpec> specs = new ArrayList<>(BertTensors.encoder(config));
        if (containsAny("bert.pooler.dense.")) {
            specs.addAll(BertTensors.pooler(config));
        }
        if (containsAny("classifier.")) {
            specs.addAll(BertTensors.classifier(config, labels()));
        }
        return new Weights(weights.origin(), specs.stream().map(this::tensor).toList());
    }

    private void requireVocabulary() {
        long[] shape = weights.get(WORDS).shape();
        if (shape.length == 2 && shape[0] != config.vocabSize()) {
            throw new OrtuneException(weights.origin() + ": tensor " + WORDS + " has rows for " + shape[0]
                    + " tokens, but " + configFile + " says vocab_size " + config.vocabSize());
        }
    }

    /** Before any list is made: a configuration may claim a billion layers. */
    private void requireLayers() {
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            if (!containsAny("bert.encoder.layer." + i + ".attention.")) {
                throw new OrtuneException(
                        weights.origin() + ": layer " + i + " is missing (no tensor bert.encoder.layer." + i
                                + ".…), but " + configFile + " says num_hidden_layers " + config.numHiddenLayers());
            }
        }
    }

    private Tensor tensor(TensorSpec spec) {
        Tensor tensor = weights.get(spec.name());
        if (!Arrays.equals(tensor.shape(), spec.shape())) {
            throw new OrtuneException(weights.origin() + ": tensor " + spec.name() + " has shape "
                    + Arrays.toString(tensor.shape()) + ", but " + configFile + " asks for "
                    + Arrays.toString(spec.shape()));
        }
        return tensor;
    }

    private int labels() {
        long[] shape = weights.get("classifier.weight").shape();
        if (shape.length != 2 || shape[0] < 1) {
            throw new OrtuneException(
                    weights.origin() + ": tensor classifier.weight has the impossible shape " + Arrays.toString(shape));
        }
        return Math.toIntExact(shape[0]);
    }

    private boolean containsAny(String prefix) {
        return weights.all().stream().anyMatch(tensor -> tensor.name().startsWith(prefix));
    }
}
