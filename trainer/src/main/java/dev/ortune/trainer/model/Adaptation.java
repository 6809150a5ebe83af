package dev.ortune.trainer.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which of a network's weights are trained and how fast, and what is trained beside them. It concerns training alone: files
 * hold the whole network with its updates added to its weights.
 *
 * @param updates of linear layers, by the layer's name, e.g. {@code bert.encoder.layer.0.attention.self.query}
 * @param frozen names of the weights that stay as they are
 * @param rates by a weight's name how many times as fast as others it learns, where that is not once
 */
public record Adaptation(Map<String, LowRankUpdate> updates, Set<String> frozen, Map<String, Double> rates) {
    /** All weights are trained, all at one rate. */
    public static final Adaptation NONE = new Adaptation(Map.of(), Set.of(), Map.of());

    public Adaptation {
        updates = Map.copyOf(updates);
        frozen = Set.copyOf(frozen);
        rates = Map.copyOf(rates);
    }

    /** Whether a weight is trained. */
    public boolean trains(Parameter parameter) {
        return !frozen.contains(parameter.name());
    }

    /** How many times as fast as others a weight learns. */
    public double rate(String name) {
        return rates.getOrDefault(name, 1.0);
    }

    /** What is added to a linear layer. */
    public Optional<LowRankUpdate> update(String layer) {
        return Optional.ofNullable(updates.get(layer));
    }

    /** The factors of the updates of the layers that these weights are of, in their order: A, then B. */
    public List<Parameter> factors(List<Parameter> weights) {
        List<Parameter> factors = new ArrayList<>();
        for (Parameter weight : weights) {
            if (weight.role().isLinear() && weight.name().endsWith(".weight")) {
                update(LowRankUpdate.layer(weight)).ifPresent(update -> {
                    factors.add(update.a(weight));
                    factors.add(update.b(weight));
                });
            }
        }
        return factors;
    }
}
