package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.encoder.BertConfig;
import java.util.ArrayList;
import java.util.List;

/** The tensors of Hugging Face's BertForSequenceClassification: their names, shapes and order. */
public final class BertTensors {
    /** The embedding of the vocabulary, {@code [vocab_size, hidden_size]}. */
    public static final String WORD_EMBEDDINGS = "bert.embeddings.word_embeddings.weight";

    private BertTensors() {}

    /** Every tensor of a classifier with {@code labels} classes, in the order of the forward pass. */
    public static List<TensorSpec> expected(BertConfig config, int labels) {
        List<TensorSpec> specs = new ArrayList<>(encoder(config));
        specs.addAll(pooler(config));
        specs.addAll(classifier(config, labels));
        return List.copyOf(specs);
    }

    /** Embeddings and layers: what every pretrained file must hold. */
    public static List<TensorSpec> encoder(BertConfig config) {
        List<TensorSpec> specs = new ArrayList<>();
        embeddings(config, specs);
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            layer(config, "bert.encoder.layer." + i + ".", specs);
        }
        return List.copyOf(specs);
    }

    /** The dense layer over the first token; many encoders come without it. */
    public static List<TensorSpec> pooler(BertConfig config) {
        List<TensorSpec> specs = new ArrayList<>();
        dense("bert.pooler.dense.", config.hiddenSize(), config.hiddenSize(), specs);
        return List.copyOf(specs);
    }

    /** The classification head; pretrained encoders have none. */
    public static List<TensorSpec> classifier(BertConfig config, int labels) {
        List<TensorSpec> specs = new ArrayList<>();
        dense("classifier.", labels, config.hiddenSize(), specs);
        return List.copyOf(specs);
    }

    private static void embeddings(BertConfig config, List<TensorSpec> specs) {
        String prefix = "bert.embeddings.";
        int hidden = config.hiddenSize();
        specs.add(new TensorSpec(WORD_EMBEDDINGS, config.vocabSize(), hidden));
        specs.add(new TensorSpec(prefix + "position_embeddings.weight", config.maxPositionEmbeddings(), hidden));
        specs.add(new TensorSpec(prefix + "token_type_embeddings.weight", config.typeVocabSize(), hidden));
        layerNorm(prefix, hidden, specs);
    }

    private static void layer(BertConfig config, String prefix, List<TensorSpec> specs) {
        int hidden = config.hiddenSize();
        for (String projection : List.of("query", "key", "value")) {
            dense(prefix + "attention.self." + projection + ".", hidden, hidden, specs);
        }
        dense(prefix + "attention.output.dense.", hidden, hidden, specs);
        layerNorm(prefix + "attention.output.", hidden, specs);
        dense(prefix + "intermediate.dense.", config.intermediateSize(), hidden, specs);
        dense(prefix + "output.dense.", hidden, config.intermediateSize(), specs);
        layerNorm(prefix + "output.", hidden, specs);
    }

    private static void dense(String prefix, int out, int in, List<TensorSpec> specs) {
        specs.add(new TensorSpec(prefix + "weight", out, in));
        specs.add(new TensorSpec(prefix + "bias", out));
    }

    private static void layerNorm(String prefix, int width, List<TensorSpec> specs) {
        specs.add(new TensorSpec(prefix + "LayerNorm.weight", width));
        specs.add(new TensorSpec(prefix + "LayerNorm.bias", width));
    }
}
