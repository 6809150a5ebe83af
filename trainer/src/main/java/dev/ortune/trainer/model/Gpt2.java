package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Attention;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.Projections;
import dev.ortune.trainer.model.form.Reach;
import dev.ortune.trainer.model.form.Rows;
import dev.ortune.trainer.model.form.Scores;
import java.util.List;

/**
 * GPT-2 (Radford et al. 2019, Language Models are Unsupervised Multitask Learners), DistilGPT-2 included: absolute positions,
 * norms before what they are for, and attention in which a token sees itself and those before it, so that a text is what its
 * last token stands for.
 */
public final class Gpt2 implements Architecture {
    /** transformers' class has it in its code, for configurations that name no dropout for classifiers. */
    private static final double TOKEN_CLASSIFIER_DROPOUT = 0.1;

    private final EncoderConfig config;
    private final Options options;

    private Gpt2(EncoderConfig config, Options options) {
        this.config = config;
        this.options = options;
    }

    /**
     * What else can be otherwise.
     *
     * @param embeddingDropout after the embeddings
     * @param scaled whether dot products are divided by the root of a head's width
     * @param scaledByLayer whether they are also divided by the layer's number, counted from 1
     */
    private record Options(double embeddingDropout, boolean scaled, boolean scaledByLayer) {}

    static Gpt2 of(ConfigValues values) {
        int hidden = values.positive("n_embd", 768);
        Size size = new Size(
                values.positive("vocab_size", 50257),
                hidden,
                values.positive("n_layer", 12),
                values.positive("n_head", 12),
                values.positive("n_inner", Math.multiplyExact(4, hidden)),
                values.positive("n_positions", 1024),
                0);
        if (values.flag("add_cross_attention", false)) {
            throw new OrtuneException("config.json: add_cross_attention true is not supported; false is");
        }
        if (!values.flag("tie_word_embeddings", true)) {
            throw new OrtuneException("config.json: tie_word_embeddings false is not supported; true is");
        }
        EncoderConfig.Dropout dropout = new EncoderConfig.Dropout(
                values.probability("resid_pdrop", 0.1),
                values.probability("attn_pdrop", 0.1),
                values.probability(
                        "classifier_dropout", values.probability("hidden_dropout", TOKEN_CLASSIFIER_DROPOUT)));
        EncoderConfig config = new EncoderConfig(
                size,
                values.activation("activation_function", "gelu_new"),
                dropout,
                values.number("layer_norm_epsilon", 1e-5),
                values.number("initializer_range", 0.02));
        // reorder_and_upcast_attn says in which type the scores are computed, which changes nothing in float32.
        Options options = new Options(
                values.probability("embd_pdrop", 0.1),
                values.flag("scale_attn_weights", true),
                values.flag("scale_attn_by_inverse_layer_idx", false));
        return new Gpt2(config, options);
    }

    @Override
    public String modelType() {
        return "gpt2";
    }

    @Override
    public String className() {
        return "GPT2";
    }

    @Override
    public Architecture of(Head head) {
        if (head.ofChoices() || head.className().equals("ForMaskedLM")) {
            throw new OrtuneException("GPT-2 has no class " + className() + head.className() + " in transformers");
        }
        return this;
    }

    @Override
    public Geometry geometry() {
        return new Geometry(config.size().heads(), config.size().head(), mostTokens(), false);
    }

    @Override
    public Value hidden(Form form) {
        Form base = form.in("transformer").inputsFirst();
        int width = config.size().hidden();
        Value words = base.lookup("wte", vocabSize(), width, form.inputIds());
        Value positions = base.positions("wpe", config.size().positions(), width);
        Value hidden = base.dropout(form.toLayers(form.ops().add(words, positions)), options.embeddingDropout());
        for (int i = 0; i < layers(); i++) {
            hidden = layer(base.in("h." + i), i, hidden);
        }
        return form.fromLayers(base.layerNorm("ln_f", hidden, config.layerNormEps()));
    }

    private Value layer(Form form, int number, Value hidden) {
        boolean last = number == layers() - 1;
        Value normed = form.layerNorm("ln_1", hidden, config.layerNormEps());
        Value residual = last ? form.wanted(hidden) : hidden;
        Value queries = last ? form.wanted(normed) : normed;
        Value context = form.attention(attention(number), queries, normed);
        double dropout = config.dropout().hidden();
        Value attended = form.residual("attn.c_proj", context, dropout, residual);
        Value between = form.layerNorm("ln_2", attended, config.layerNormEps());
        Value inner = form.linear("mlp.c_fc", between, config.size().intermediate(), config.activation());
        return form.residual("mlp.c_proj", inner, dropout, attended);
    }

    private Attention attention(int number) {
        Size size = config.size();
        double divisor = (options.scaled() ? Math.sqrt(size.head()) : 1) * (options.scaledByLayer() ? number + 1 : 1);
        Scores scores = heads -> heads.products(divisor);
        return new Attention(
                Projections.ofOne("attn.c_attn", true),
                size.heads(),
                size.heads(),
                size.head(),
                config.dropout().attention(),
                scores,
                null,
                Reach.CAUSAL);
    }

    @Override
    public Rows rowsOfTexts() {
        return Rows.LAST;
    }

    @Override
    public Value sequenceClassification(Form form, Value hidden, int labels) {
        return form.product(sequenceClassifier(), form.last(hidden), labels);
    }

    @Override
    public Value tokenClassification(Form form, Value hidden, int labels) {
        return form.linear("classifier", form.dropout(hidden, config.dropout().classifier()), labels);
    }

    @Override
    public Value maskedLanguageModel(Form form, Value hidden) {
        throw new UnsupportedOperationException("GPT-2 tells the next word, none behind a mask");
    }

    @Override
    public boolean tellsNextTokens() {
        return true;
    }

    @Override
    public Value causalLanguageModel(Form form, Value hidden) {
        return form.tied(wordEmbeddings(), null, hidden, vocabSize());
    }

    /** The decoder is the word embedding, so that no weight is added. */
    @Override
    public List<Parameter> pretrainingParameters() {
        return bodyParameters();
    }

    @Override
    public String sequenceClassifier() {
        return "score";
    }

    @Override
    public String wordEmbeddings() {
        return "transformer.wte.weight";
    }

    @Override
    public int vocabSize() {
        return config.size().vocab();
    }

    @Override
    public Architecture withVocabSize(int rows) {
        return new Gpt2(config.withSize(config.size().withVocab(rows)), options);
    }

    @Override
    public int layers() {
        return config.size().layers();
    }

    @Override
    public Architecture withLayers(int count) {
        return new Gpt2(config.withSize(config.size().withLayers(count)), options);
    }

    @Override
    public String layerPrefix(int layer) {
        return "transformer.h." + layer + ".";
    }

    @Override
    public String layersKey() {
        return "n_layer";
    }

    @Override
    public int mostTokens() {
        return config.size().positions();
    }

    @Override
    public double initializerRange() {
        return config.initializerRange();
    }

    /** What is added to a residual begins smaller, by how many additions there are. */
    @Override
    public double initializerRange(Parameter parameter) {
        return parameter.name().endsWith(".c_proj.weight")
                ? initializerRange() / Math.sqrt(2.0 * layers())
                : initializerRange();
    }

    @Override
    public String moduleClass(String parent, String name) {
        return switch (name) {
            case "transformer" -> "GPT2Model";
            case "h" -> "GPT2Block";
            case "attn" -> "GPT2Attention";
            case "mlp" -> "GPT2MLP";
            default -> Architecture.super.moduleClass(parent, name);
        };
    }
}
