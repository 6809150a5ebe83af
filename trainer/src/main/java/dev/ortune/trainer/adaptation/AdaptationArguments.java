package dev.ortune.trainer.adaptation;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.model.Adaptation;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.LowRankUpdate;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which weights a run trains and how fast, as it was asked for.
 *
 * @param lora low-rank updates in place of weights; null for none
 * @param adapter folder of the adapter that a run goes on with, of which {@code lora} is read; null to begin a new one
 * @param freeze patterns of weights that stay as they are ({@link WeightPattern})
 * @param layerDecay by what the learning rate of each layer is that of the layer above it; 1 for the same
 * @param headLearningRate that of the task's head; 0 for that of the rest
 */
public record AdaptationArguments(
        LoraArguments lora, Path adapter, List<String> freeze, double layerDecay, double headLearningRate) {
    /** All weights, at one rate. */
    public static final AdaptationArguments NONE = new AdaptationArguments(null, null, List.of(), 1, 0);

    public AdaptationArguments {
        freeze = List.copyOf(freeze);
        freeze.forEach(WeightPattern::new);
        if (!(layerDecay > 0 && layerDecay <= 1)) {
            throw new OrtuneException("--layer-lr-decay must be above 0 and at most 1, not " + layerDecay);
        }
        if (!(headLearningRate >= 0 && headLearningRate < Double.POSITIVE_INFINITY)) {
            throw new OrtuneException("--head-lr must be more than 0, not " + headLearningRate);
        }
    }

    /**
     * The same with all that depends on a network said: targets and modules to save.
     *
     * @param fresh names of weights that no file held
     */
    public AdaptationArguments settled(Network network, Collection<String> fresh) {
        if (lora == null) {
            return this;
        }
        LoraTargets targets = lora.targets() == null
                ? LoraTargets.usual(network.architecture().modelType())
                : lora.targets();
        List<String> saved = lora.modulesToSave() == null ? usualModules(network, fresh) : lora.modulesToSave();
        return new AdaptationArguments(lora.with(targets, saved), adapter, freeze, layerDecay, headLearningRate);
    }

    /** The last layer, as peft saves it, and whatever would stay random otherwise. */
    private static List<String> usualModules(Network network, Collection<String> fresh) {
        Set<String> modules = new LinkedHashSet<>();
        String last = network.head().lastLayer(network.architecture());
        // That of a language model, which may be the word embedding, is left alone by peft.
        if (!network.head().meetsVocabulary()) {
            modules.add(last.replaceFirst("\\..*", ""));
        }
        for (String weight : fresh) {
            if (!ModuleNames.isIn(weight, List.copyOf(modules))) {
                modules.add(ModuleNames.of(weight));
            }
        }
        return List.copyOf(modules);
    }

    /** The adapter that a run goes on with; empty for a new one. */
    public Optional<AdapterFiles> start() {
        return Optional.ofNullable(adapter).map(AdapterFiles::read);
    }

    /**
     * What it means for a network.
     *
     * @param learningRate that of all weights of which nothing else is said
     * @throws OrtuneException when a pattern names no weight, or nothing is left to train
     */
    public Adaptation of(Network network, double learningRate) {
        List<Parameter> parameters = network.parameters();
        Map<String, LowRankUpdate> updates = lora == null ? Map.of() : updates(parameters);
        Set<String> frozen = new HashSet<>();
        if (lora != null) {
            parameters.stream()
                    .map(Parameter::name)
                    .filter(name -> !isTrainedWhole(name, updates.keySet()))
                    .forEach(frozen::add);
        }
        freeze.forEach(pattern -> frozen.addAll(matching(new WeightPattern(pattern), parameters)));
        Adaptation unrated = new Adaptation(updates, frozen, Map.of());
        List<Parameter> all = network.adapted(unrated).sessionParameters();
        if (all.stream().noneMatch(unrated::trains)) {
            throw new OrtuneException("--freeze " + String.join(",", freeze) + " leaves nothing to train");
        }
        return new Adaptation(updates, frozen, rates(network.architecture(), all, learningRate));
    }

    private boolean isTrainedWhole(String weight, Set<String> layers) {
        return ModuleNames.isIn(weight, lora.modulesToSave())
                || switch (lora.bias()) {
                    case NONE -> false;
                    case ALL -> weight.endsWith(".bias");
                    case LORA_ONLY -> weight.endsWith(".bias") && layers.contains(ModuleNames.of(weight));
                };
    }

    private Map<String, LowRankUpdate> updates(List<Parameter> parameters) {
        Map<String, LowRankUpdate> updates = new LinkedHashMap<>();
        Set<String> linear = new LinkedHashSet<>();
        for (Parameter parameter : parameters) {
            if (!parameter.role().isLinear()
                    || parameter.shape().rank() != 2
                    || ModuleNames.isIn(parameter.name(), lora.modulesToSave())) {
                continue;
            }
            String layer = LowRankUpdate.layer(parameter);
            linear.add(layer.substring(layer.lastIndexOf('.') + 1));
            if (lora.targets().include(layer)) {
                updates.put(layer, lora.update());
            }
        }
        if (updates.isEmpty()) {
            throw new OrtuneException("--lora-targets " + lora.targets() + " names no linear layer; there are "
                    + String.join(", ", linear));
        }
        return updates;
    }

    private static List<String> matching(WeightPattern pattern, List<Parameter> parameters) {
        List<String> found = parameters.stream()
                .map(Parameter::name)
                .filter(pattern::matches)
                .toList();
        if (found.isEmpty()) {
            throw new OrtuneException("--freeze " + pattern + " names no weight; \"ortune inspect\" shows their names");
        }
        return found;
    }

    /** The discriminative rates of Howard and Ruder 2018 (arXiv:1801.06146), by layer. */
    private Map<String, Double> rates(Architecture architecture, List<Parameter> all, double learningRate) {
        Map<String, Double> rates = new HashMap<>();
        Body body = Body.of(architecture);
        boolean below = true;
        for (Parameter parameter : all) {
            int layer = layer(architecture, parameter.name());
            below &= layer < 0;
            double rate = layer >= 0
                    ? Math.pow(layerDecay, architecture.layers() - layer)
                    : below || parameter.role() == Role.TABLE ? Math.pow(layerDecay, architecture.layers() + 1) : 1;
            if (headLearningRate > 0 && !body.holds(parameter.name())) {
                rate = headLearningRate / learningRate;
            }
            if (rate != 1) {
                rates.put(parameter.name(), rate);
            }
        }
        return rates;
    }

    private static int layer(Architecture architecture, String weight) {
        for (int layer = 0; layer < architecture.layers(); layer++) {
            if (weight.startsWith(architecture.layerPrefix(layer))) {
                return layer;
            }
        }
        return -1;
    }

    /**
     * A model without its head.
     *
     * @param weights their names
     * @param prefix what the names of all its modules begin with; empty where they have nothing in common
     */
    private record Body(Set<String> weights, String prefix) {
        static Body of(Architecture architecture) {
            Set<String> weights = new HashSet<>();
            Set<String> prefixes = new HashSet<>();
            for (Parameter parameter : architecture.bodyParameters()) {
                weights.add(parameter.name());
                prefixes.add(parameter.name().substring(0, parameter.name().indexOf('.') + 1));
            }
            return new Body(weights, prefixes.size() == 1 ? prefixes.iterator().next() : "");
        }

        boolean holds(String weight) {
            return weights.contains(weight) || (!prefix.isEmpty() && weight.startsWith(prefix));
        }
    }

    /** A line each of what is not as usual, for people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (lora != null) {
            String whole =
                    lora.modulesToSave().isEmpty() ? "" : "; trained whole: " + String.join(", ", lora.modulesToSave());
            lines.add(
                    "LoRA of rank " + lora.rank() + ", alpha " + number(lora.alpha()) + ": " + lora.targets() + whole);
        }
        if (!freeze.isEmpty()) {
            lines.add("frozen: " + String.join(", ", freeze));
        }
        if (layerDecay != 1) {
            lines.add("each layer learns " + number(layerDecay) + " times as fast as the one above it");
        }
        if (headLearningRate > 0) {
            lines.add("the head learns at " + headLearningRate);
        }
        return lines;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
