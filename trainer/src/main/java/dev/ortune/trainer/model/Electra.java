package dev.ortune.trainer.model;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Form;

/**
 * ELECTRA's discriminator (Clark et al. 2020, arXiv:2003.10555): BERT whose embeddings may be narrower than its layers, and
 * with a dense layer and gelu in the classifier in place of a pooler.
 */
public final class Electra extends BertLike {
    private static final Size DEFAULTS = new Size(30522, 256, 12, 4, 1024, 512, 2);

    private final int embeddingSize;

    private Electra(EncoderConfig config, int embeddingSize) {
        super(config);
        this.embeddingSize = embeddingSize;
    }

    static Electra of(ConfigValues values) {
        return new Electra(EncoderConfig.of(values, DEFAULTS), values.positive("embedding_size", 128));
    }

    @Override
    Architecture with(EncoderConfig other) {
        return new Electra(other, embeddingSize);
    }

    @Override
    public String modelType() {
        return "electra";
    }

    @Override
    public String className() {
        return "Electra";
    }

    @Override
    String prefix() {
        return "electra";
    }

    @Override
    int embeddingSize() {
        return embeddingSize;
    }

    @Override
    Value project(Form form, Value embeddings) {
        int hidden = config().size().hidden();
        return embeddingSize == hidden ? embeddings : form.linear("embeddings_project", embeddings, hidden);
    }

    @Override
    public Value sequenceClassification(Form form, Value hidden, int labels) {
        return denseHead(form, hidden, Activation.GELU, labels);
    }

    /** The generator's. */
    @Override
    MaskedWords maskedWords() {
        return new MaskedWords(
                "generator_predictions.dense", "generator_predictions.LayerNorm", "generator_lm_head.bias");
    }

    /** Whatever config.json says. */
    @Override
    Activation maskedWordsActivation() {
        return Activation.GELU;
    }

    @Override
    public String sequenceClassifier() {
        return "classifier.out_proj";
    }
}
