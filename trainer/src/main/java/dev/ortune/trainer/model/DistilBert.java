package dev.ortune.trainer.model;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Dropout;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.layers.PostNormLayer;

/**
 * DistilBERT (Sanh et al. 2019, arXiv:1910.01108): BERT without segments, under names of its own, with a dense layer and
 * relu before the classifier.
 */
public final class DistilBert extends BertLike {
    private static final PostNormLayer LAYER = new PostNormLayer(
            "attention.q_lin",
            "attention.k_lin",
            "attention.v_lin",
            "attention.out_lin",
            "sa_layer_norm",
            "ffn.lin1",
            "ffn.lin2",
            "output_layer_norm");
    private static final double EPSILON = 1e-12;

    private final double answerDropout;

    private DistilBert(EncoderConfig config, double answerDropout) {
        super(config);
        this.answerDropout = answerDropout;
    }

    static DistilBert of(ConfigValues values) {
        Size size = new Size(
                values.positive("vocab_size", 30522),
                values.positive("dim", 768),
                values.positive("n_layers", 6),
                values.positive("n_heads", 12),
                values.positive("hidden_dim", 4 * 768),
                values.positive("max_position_embeddings", 512),
                0);
        Dropout dropout = new Dropout(
                values.probability("dropout", 0.1),
                values.probability("attention_dropout", 0.1),
                values.probability("seq_classif_dropout", 0.2));
        EncoderConfig config = new EncoderConfig(
                size,
                values.activation("activation", "gelu"),
                dropout,
                EPSILON,
                values.number("initializer_range", 0.02));
        return new DistilBert(config, values.probability("qa_dropout", 0.1));
    }

    @Override
    Architecture with(EncoderConfig other) {
        return new DistilBert(other, answerDropout);
    }

    @Override
    public String modelType() {
        return "distilbert";
    }

    @Override
    public String className() {
        return "DistilBert";
    }

    @Override
    public String layersKey() {
        return "n_layers";
    }

    @Override
    String prefix() {
        return "distilbert";
    }

    @Override
    String layer() {
        return "transformer.layer";
    }

    @Override
    PostNormLayer layerNames() {
        return LAYER;
    }

    @Override
    public Geometry geometry() {
        return new Geometry(config().size().heads(), config().size().head(), mostTokens(), false);
    }

    @Override
    Value embeddings(Form form) {
        Value words = words(form);
        Value positions = positions(form);
        return form.ops().add(words, positions);
    }

    @Override
    public Value sequenceClassification(Form form, Value hidden, int labels) {
        int width = config().size().hidden();
        Value dense = form.linear("pre_classifier", form.first(hidden), width, Activation.RELU);
        return classifier(form, sequenceClassifier(), dense, labels);
    }

    @Override
    MaskedWords maskedWords() {
        return new MaskedWords("vocab_transform", "vocab_layer_norm", "vocab_projector.bias");
    }

    @Override
    public Value tokenClassification(Form form, Value hidden, int labels) {
        return form.linear("classifier", form.dropout(hidden, config().dropout().hidden()), labels);
    }

    @Override
    public Value questionAnswering(Form form, Value hidden) {
        return super.questionAnswering(form, form.dropout(hidden, answerDropout));
    }
}
