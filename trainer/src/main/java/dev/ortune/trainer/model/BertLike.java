package dev.ortune.trainer.model;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.Scores;
import dev.ortune.trainer.model.layers.PostNormLayer;

/**
 * What BERT and its kin share: embeddings of words and absolute positions, post-norm layers, and token classification by
 * one linear layer. A family says how it differs.
 */
abstract class BertLike implements Architecture {
    private final EncoderConfig config;

    BertLike(EncoderConfig config) {
        this.config = config;
    }

    /** Sizes and ratios. */
    public final EncoderConfig config() {
        return config;
    }

    /** The same family in another size. */
    abstract Architecture with(EncoderConfig other);

    /** The scope of its weights in a file, e.g. {@code bert}. */
    abstract String prefix();

    /** The scope of its layers, numbers left out. */
    String layer() {
        return "encoder.layer";
    }

    /** What a layer's modules are called. */
    PostNormLayer layerNames() {
        return PostNormLayer.BERT;
    }

    /** Width of the embeddings, where it differs from that of the layers. */
    int embeddingSize() {
        return config.size().hidden();
    }

    /** The sum of a token's embeddings, {@code [.., embedding size]}: BERT's three, where a family says nothing else. */
    Value embeddings(Form form) {
        Value words = words(form);
        Value types = form.lookup("token_type_embeddings", config.size().types(), embeddingSize(), form.tokenTypeIds());
        Value positions = positions(form);
        return form.ops().add(form.ops().add(words, types), positions);
    }

    /** What comes between embeddings and layers. */
    Value project(Form form, Value embeddings) {
        return embeddings;
    }

    @Override
    public Value hidden(Form form) {
        Form base = form.in(prefix());
        Form embedded = base.in("embeddings");
        Value sum = form.toLayers(embeddings(embedded));
        Value normed = embedded.layerNorm("LayerNorm", sum, config.layerNormEps());
        Value hidden = project(base, embedded.dropout(normed, config.dropout().hidden()));
        Scores scores = scores(base);
        for (int i = 0; i < config.size().layers(); i++) {
            hidden = layer(base, i, hidden, scores);
        }
        return form.fromLayers(hidden);
    }

    /** The scores of all layers' attention. */
    Scores scores(Form base) {
        return Scores.DOT_PRODUCTS;
    }

    /** One of the layers, counted from 0. */
    Value layer(Form base, int number, Value hidden, Scores scores) {
        return layerNames().of(base.in(layer() + "." + number), config, hidden, scores, isLast(number));
    }

    final boolean isLast(int number) {
        return number == config.size().layers() - 1;
    }

    final Value words(Form form) {
        return form.lookup("word_embeddings", vocabSize(), embeddingSize(), form.inputIds());
    }

    final Value positions(Form form) {
        return form.positions("position_embeddings", config.size().positions(), embeddingSize());
    }

    final Value positionsAfterPadding(Form form, int padId) {
        return form.positionsAfterPadding("position_embeddings", config.size().positions(), embeddingSize(), padId);
    }

    /** BERT's pooler: the first token through a dense layer and tanh. */
    final Value pooled(Form form, Value hidden) {
        return form.in(prefix() + ".pooler")
                .linear("dense", form.first(hidden), config.size().hidden(), Activation.TANH);
    }

    /** The head for choices of families whose other heads have no pooler. */
    final Value pooledChoice(Form form, Value hidden) {
        Value pooled = form.dropout(pooled(form, hidden), config.dropout().hidden());
        return form.linear("classifier", pooled, 1);
    }

    /** RoBERTa's head: the first token through a dense layer and its function, with dropout before either linear layer. */
    final Value denseHead(Form form, Value hidden, Activation activation, int labels) {
        Value first = form.dropout(form.first(hidden), config.dropout().classifier());
        Value dense = form.linear("classifier.dense", first, config.size().hidden(), activation);
        return classifier(form, "classifier.out_proj", dense, labels);
    }

    /** Dropout and a linear layer to the labels. */
    final Value classifier(Form form, String name, Value x, int labels) {
        return form.linear(name, form.dropout(x, config.dropout().classifier()), labels);
    }

    @Override
    public Value tokenClassification(Form form, Value hidden, int labels) {
        return classifier(form, "classifier", hidden, labels);
    }

    /**
     * What the modules of a head for masked words are called.
     *
     * @param dense a linear layer to the width of the embeddings
     * @param norm after its function
     * @param bias the decoder's
     */
    record MaskedWords(String dense, String norm, String bias) {
        /** BERT's. */
        static final MaskedWords BERT = new MaskedWords(
                "cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias");

        /** RoBERTa's. */
        static final MaskedWords ROBERTA = new MaskedWords("lm_head.dense", "lm_head.layer_norm", "lm_head.bias");
    }

    MaskedWords maskedWords() {
        return MaskedWords.BERT;
    }

    /** The function in the head for masked words: that of the layers, where a family says nothing else. */
    Activation maskedWordsActivation() {
        return config.activation();
    }

    @Override
    public final Value maskedLanguageModel(Form form, Value hidden) {
        MaskedWords names = maskedWords();
        Value dense = form.linear(names.dense(), hidden, embeddingSize(), maskedWordsActivation());
        Value normed = form.layerNorm(names.norm(), dense, config.layerNormEps());
        return form.tied(wordEmbeddings(), names.bias(), normed, vocabSize());
    }

    @Override
    public String sequenceClassifier() {
        return "classifier";
    }

    @Override
    public Geometry geometry() {
        return new Geometry(config.size().heads(), config.size().head(), mostTokens(), true);
    }

    @Override
    public int mostTokens() {
        return config.size().positions();
    }

    @Override
    public String wordEmbeddings() {
        return prefix() + ".embeddings.word_embeddings.weight";
    }

    @Override
    public String layerPrefix(int number) {
        return prefix() + "." + layer() + "." + number + ".";
    }

    @Override
    public int vocabSize() {
        return config.size().vocab();
    }

    @Override
    public int layers() {
        return config.size().layers();
    }

    @Override
    public double initializerRange() {
        return config.initializerRange();
    }

    @Override
    public Architecture withVocabSize(int rows) {
        return with(config.withSize(config.size().withVocab(rows)));
    }

    @Override
    public Architecture withLayers(int count) {
        return with(config.withSize(config.size().withLayers(count)));
    }
}
