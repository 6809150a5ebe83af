package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Scores;
import dev.ortune.trainer.model.layers.PostNormLayer;

/**
 * ALBERT (Lan et al. 2020, arXiv:1909.11942): BERT whose layers share their weights, one set for each group of layers, with
 * embeddings narrower than the layers.
 */
public final class Albert extends BertLike {
    private static final PostNormLayer LAYER = new PostNormLayer(
            "attention.query",
            "attention.key",
            "attention.value",
            "attention.dense",
            "attention.LayerNorm",
            "ffn",
            "ffn_output",
            "full_layer_layer_norm");

    /** Layers have no weights of their own that would have to be in the file. */
    private static final int MOST_LAYERS = 1000;

    private final Sharing sharing;

    private Albert(EncoderConfig config, Sharing sharing) {
        super(config);
        this.sharing = sharing;
    }

    /**
     * What ALBERT adds to BERT's sizes.
     *
     * @param embeddingSize width of the embeddings
     * @param groups sets of weights
     * @param inner layers in a set
     */
    private record Sharing(int embeddingSize, int groups, int inner) {}

    static Albert of(ConfigValues values) {
        EncoderConfig.Keys keys = new EncoderConfig.Keys("gelu_new", 0, "classifier_dropout_prob", 0.1);
        EncoderConfig config = EncoderConfig.of(values, new Size(30000, 4096, 12, 64, 16384, 512, 2), keys);
        Sharing sharing = new Sharing(
                values.positive("embedding_size", 128),
                values.positive("num_hidden_groups", 1),
                values.positive("inner_group_num", 1));
        int layers = config.size().layers();
        if (layers > MOST_LAYERS || (long) layers * sharing.inner() > MOST_LAYERS || sharing.groups() > layers) {
            throw new OrtuneException("config.json: num_hidden_layers " + layers + " of inner_group_num "
                    + sharing.inner() + " in num_hidden_groups " + sharing.groups() + " are not supported; at most "
                    + MOST_LAYERS + " layers are, and no more groups than layers");
        }
        return new Albert(config, sharing);
    }

    @Override
    Architecture with(EncoderConfig other) {
        return new Albert(other, sharing);
    }

    @Override
    public String modelType() {
        return "albert";
    }

    @Override
    public String className() {
        return "Albert";
    }

    @Override
    String prefix() {
        return "albert";
    }

    @Override
    String layer() {
        return "encoder.albert_layer_groups";
    }

    @Override
    public String layerPrefix(int number) {
        return super.layerPrefix(group(number));
    }

    /** As transformers computes it: a fraction of two whole numbers as a double. */
    private int group(int layer) {
        return (int) (layer / ((double) config().size().layers() / sharing.groups()));
    }

    @Override
    int embeddingSize() {
        return sharing.embeddingSize();
    }

    @Override
    Value project(Form form, Value embeddings) {
        return form.linear(
                "encoder.embedding_hidden_mapping_in",
                embeddings,
                config().size().hidden());
    }

    @Override
    Value layer(Form base, int number, Value hidden, Scores scores) {
        Value result = hidden;
        for (int inner = 0; inner < sharing.inner(); inner++) {
            Form form = base.in(layer() + "." + group(number) + ".albert_layers." + inner);
            boolean last = isLast(number) && inner == sharing.inner() - 1;
            Value attended = LAYER.attended(form, config(), result, scores, last);
            result = LAYER.feedForward(form, config(), attended, 0);
        }
        return result;
    }

    @Override
    public Value sequenceClassification(Form form, Value hidden, int labels) {
        int width = config().size().hidden();
        Value pooled = form.in("albert").linear("pooler", form.first(hidden), width, Activation.TANH);
        return classifier(form, sequenceClassifier(), pooled, labels);
    }

    @Override
    MaskedWords maskedWords() {
        return new MaskedWords("predictions.dense", "predictions.LayerNorm", "predictions.bias");
    }

    @Override
    public String moduleClass(String parent, String name) {
        return switch (name) {
            case "encoder" -> "AlbertTransformer";
            case "albert_layer_groups" -> "AlbertLayerGroup";
            case "albert_layers" -> "AlbertLayer";
            default -> super.moduleClass(parent, name);
        };
    }
}
