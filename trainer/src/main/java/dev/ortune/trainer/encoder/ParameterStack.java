package dev.ortune.trainer.encoder;

import dev.ortune.trainer.graph.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights of one kind in one tensor, along its first axis. It is cut into parts of one size; a part is one weight, or the
 * query's, key's and value's together.
 *
 * @param name of the tensor, a graph's input: a Hugging Face name where it holds one weight
 * @param members Hugging Face's names of the weights in it, in order
 * @param memberShape the shape of each of them
 * @param parts into how many it is cut
 * @param ofLayers whether it belongs to the encoder's layers, which may compute in half precision
 */
public record ParameterStack(String name, List<String> members, Shape memberShape, int parts, boolean ofLayers) {
    private static final String LAYERS = "bert.encoder.layers.";

    /** How a classifier's weights are stacked. Every weight is in one stack. */
    public static List<ParameterStack> of(BertConfig config, int labels) {
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        List<ParameterStack> stacks = new ArrayList<>();
        single(stacks, "bert.embeddings.word_embeddings.weight", config.vocabSize(), hidden);
        single(stacks, "bert.embeddings.position_embeddings.weight", config.maxPositionEmbeddings(), hidden);
        single(stacks, "bert.embeddings.token_type_embeddings.weight", config.typeVocabSize(), hidden);
        List<String> projections = List.of("attention.self.query.", "attention.self.key.", "attention.self.value.");
        ofLayers(stacks, config, "attention.self.weight", suffixed(projections, "weight"), hidden, hidden);
        ofLayers(stacks, config, "attention.self.bias", suffixed(projections, "bias"), hidden);
        ofLayers(
                stacks,
                config,
                "attention.output.dense.weight",
                List.of("attention.output.dense.weight"),
                hidden,
                hidden);
        ofLayers(stacks, config, "intermediate.dense.weight", List.of("intermediate.dense.weight"), inner, hidden);
        ofLayers(stacks, config, "intermediate.dense.bias", List.of("intermediate.dense.bias"), inner);
        ofLayers(stacks, config, "output.dense.weight", List.of("output.dense.weight"), hidden, inner);
        stacks.add(vectors(config));
        single(stacks, "bert.pooler.dense.weight", hidden, hidden);
        single(stacks, "bert.pooler.dense.bias", hidden);
        single(stacks, "classifier.weight", labels, hidden);
        single(stacks, "classifier.bias", labels);
        return stacks;
    }

    /** The tensor's shape. */
    public Shape shape() {
        return memberShape.with(0, new Shape.Dim(null, memberShape.dim(0).size() * members.size()));
    }

    /** The number of the part whose first weight has that name, or -1. */
    int partThatBeginsWith(String weight) {
        int perPart = members.size() / parts;
        int index = members.indexOf(weight);
        return index >= 0 && index % perPart == 0 ? index / perPart : -1;
    }

    private static void single(List<ParameterStack> stacks, String name, long... shape) {
        stacks.add(new ParameterStack(name, List.of(name), Shape.of(shape), 1, false));
    }

    /** A part a layer. */
    private static void ofLayers(
            List<ParameterStack> stacks, BertConfig config, String name, List<String> perLayer, long... shape) {
        List<String> members = new ArrayList<>();
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            for (String weight : perLayer) {
                members.add("bert.encoder.layer." + layer + "." + weight);
            }
        }
        stacks.add(new ParameterStack(LAYERS + name, members, Shape.of(shape), config.numHiddenLayers(), true));
    }

    /** Every vector of the hidden size: LayerNorms and the biases before them. Weight decay spares all of it. */
    private static ParameterStack vectors(BertConfig config) {
        List<String> members = new ArrayList<>();
        members.add("bert.embeddings.LayerNorm.weight");
        members.add("bert.embeddings.LayerNorm.bias");
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            for (String block : List.of("attention.output.", "output.")) {
                String prefix = "bert.encoder.layer." + layer + "." + block;
                members.addAll(suffixed(List.of(prefix), "dense.bias", "LayerNorm.weight", "LayerNorm.bias"));
            }
        }
        return new ParameterStack(
                LAYERS + "LayerNorm_and_dense.bias", members, Shape.of(config.hiddenSize()), members.size(), true);
    }

    private static List<String> suffixed(List<String> prefixes, String... suffixes) {
        List<String> names = new ArrayList<>();
        for (String prefix : prefixes) {
            for (String suffix : suffixes) {
                names.add(prefix + suffix);
            }
        }
        return names;
    }
}
