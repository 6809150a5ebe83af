package dev.ortune.trainer.model;

import java.util.Map;
import java.util.Set;

/**
 * Several adapters of one network in one graph, which takes the number of one for each row of a batch.
 *
 * @param count how many there are
 * @param ranks of the updates, by the layer's name: the largest of all
 * @param whole names of the linear layers that each adapter has a weight and a bias of its own of
 */
public record JoinedAdapters(int count, Map<String, Integer> ranks, Set<String> whole) {
    /** The graph's input with the number of each row's adapter, int64 {@code [batch]}. */
    public static final String INPUT = "adapter";

    public JoinedAdapters {
        ranks = Map.copyOf(ranks);
        whole = Set.copyOf(whole);
    }

    /** The name of all adapters' A of a layer: {@code [count, in, rank]}. */
    public static String stackOfA(String layer) {
        return layer + ".lora_A.stack";
    }

    /** Of all their B, times their scales: {@code [count, rank, out]}. */
    public static String stackOfB(String layer) {
        return layer + ".lora_B.stack";
    }

    /** Of all their weights: {@code [count, in, out]}. */
    public static String stackOfWeights(String layer) {
        return layer + ".weight.stack";
    }

    /** Of all their biases: {@code [count, 1, out]}. */
    public static String stackOfBiases(String layer) {
        return layer + ".bias.stack";
    }
}
