package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;

/**
 * RoBERTa (Liu et al. 2019, arXiv:1907.11692), and XLM-RoBERTa and CamemBERT, which are the same network: BERT whose
 * positions count on from that of padding, without segments, and with a dense layer in the classifier in place of a pooler.
 */
public final class Roberta extends BertLike {
    private final String modelType;
    private final String className;
    private final int padId;

    private Roberta(String modelType, String className, EncoderConfig config, int padId) {
        super(config);
        this.modelType = modelType;
        this.className = className;
        this.padId = padId;
    }

    static Roberta of(String modelType, String className, int vocab, ConfigValues values) {
        EncoderConfig config = EncoderConfig.of(values, new Size(vocab, 768, 12, 12, 3072, 512, 2));
        int padId = values.integer("pad_token_id", 1);
        if (padId < 0
                || padId >= config.size().vocab()
                || padId >= config.size().positions() - 1) {
            throw new OrtuneException("config.json: pad_token_id " + padId + " leaves no room among "
                    + config.size().positions() + " positions and "
                    + config.size().vocab() + " tokens");
        }
        return new Roberta(modelType, className, config, padId);
    }

    /** Word ids may be renumbered: then padding's place, which is counted from, stays what it was. */
    @Override
    Architecture with(EncoderConfig other) {
        return new Roberta(modelType, className, other, padId);
    }

    @Override
    public String modelType() {
        return modelType;
    }

    @Override
    public String className() {
        return className;
    }

    @Override
    String prefix() {
        return "roberta";
    }

    @Override
    public Geometry geometry() {
        return new Geometry(config().size().heads(), config().size().head(), mostTokens(), false);
    }

    @Override
    public int mostTokens() {
        return config().size().positions() - padId - 1;
    }

    @Override
    Value embeddings(Form form) {
        Size size = config().size();
        Value words = words(form);
        Value type = form.firstRow("token_type_embeddings", size.types(), size.hidden());
        return form.ops().add(form.ops().add(words, type), positionsAfterPadding(form, padId));
    }

    @Override
    public Value sequenceClassification(Form form, Value hidden, int labels) {
        return denseHead(form, hidden, Activation.TANH, labels);
    }

    @Override
    MaskedWords maskedWords() {
        return MaskedWords.ROBERTA;
    }

    /** Whatever config.json says. */
    @Override
    Activation maskedWordsActivation() {
        return Activation.GELU;
    }

    @Override
    public Value multipleChoice(Form form, Value hidden) {
        return pooledChoice(form, hidden);
    }

    @Override
    public String sequenceClassifier() {
        return "classifier.out_proj";
    }
}
