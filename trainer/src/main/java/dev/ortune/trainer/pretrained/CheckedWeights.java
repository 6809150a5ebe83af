package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks that weights are those of the network that a configuration describes. */
final class CheckedWeights {
    private final Weights weights;
    private final Architecture architecture;
    private final Path configFile;

    CheckedWeights(Weights weights, ConfigFile config) {
        this.weights = weights;
        this.architecture = config.architecture();
        this.configFile = config.file();
    }

    /** The tensors of embeddings and layers in the order of the forward pass, then those of heads, as far as there are any. */
    Weights checked() {
        requireVocabulary();
        requireLayers();
        List<Parameter> body = architecture.bodyParameters();
        List<Tensor> tensors = new ArrayList<>(body.stream().map(this::tensor).toList());
        Set<String> names = body.stream().map(Parameter::name).collect(Collectors.toSet());
        for (String name : architecture.fineTunedNames()) {
            boolean mayLack = architecture.optionalNames().contains(name) && !weights.contains(name);
            if (names.add(name) && !mayLack && containsHalf(name)) {
                tensors.add(weights.get(name));
            }
        }
        for (Parameter parameter : architecture.pretrainingParameters()) {
            if (names.add(parameter.name()) && containsFitting(parameter)) {
                tensors.add(weights.get(parameter.name()));
            }
        }
        requireLabels(architecture.sequenceClassifier() + ".weight");
        return new Weights(weights.origin(), tensors);
    }

    private void requireVocabulary() {
        String words = architecture.wordEmbeddings();
        long[] shape = weights.get(words).shape();
        if (shape.length == 2 && shape[0] != architecture.vocabSize()) {
            throw new OrtuneException(weights.origin() + ": tensor " + words + " has rows for " + shape[0]
                    + " tokens, but " + configFile + " says vocab_size " + architecture.vocabSize());
        }
    }

    /** Before any list is made: a configuration may claim a billion layers. */
    private void requireLayers() {
        for (int i = 0; i < architecture.layers(); i++) {
            String prefix = architecture.layerPrefix(i);
            if (weights.all().stream().noneMatch(tensor -> tensor.name().startsWith(prefix))) {
                throw new OrtuneException(weights.origin() + ": layer " + i + " is missing (no tensor " + prefix
                        + "…), but " + configFile + " says " + architecture.layersKey() + " " + architecture.layers());
            }
        }
    }

    private Tensor tensor(Parameter parameter) {
        Tensor tensor = weights.get(parameter.name());
        if (!Arrays.equals(tensor.shape(), parameter.sizes())) {
            throw new OrtuneException(weights.origin() + ": tensor " + parameter.name() + " has shape "
                    + Arrays.toString(tensor.shape()) + ", but " + configFile + " asks for "
                    + Arrays.toString(parameter.sizes()));
        }
        return tensor;
    }

    /** Whether a weight or its bias is there: then both must be. */
    private boolean containsHalf(String name) {
        String module = name.substring(0, name.lastIndexOf('.'));
        return weights.contains(module + ".weight") || weights.contains(module + ".bias");
    }

    /** What files hold of pre-training's heads is often a part of them, or of other sizes: then they are drawn anew. */
    private boolean containsFitting(Parameter parameter) {
        return weights.contains(parameter.name())
                && Arrays.equals(weights.get(parameter.name()).shape(), parameter.sizes());
    }

    private void requireLabels(String name) {
        if (weights.contains(name)) {
            long[] shape = weights.get(name).shape();
            if (shape.length != 2 || shape[0] < 1 || shape[0] > Integer.MAX_VALUE) {
                throw new OrtuneException(
                        weights.origin() + ": tensor " + name + " has the impossible shape " + Arrays.toString(shape));
            }
        }
    }
}
