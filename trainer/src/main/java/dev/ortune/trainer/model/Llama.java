package dev.ortune.trainer.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Attention;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.PlainForm;
import dev.ortune.trainer.model.form.Projections;
import dev.ortune.trainer.model.form.Reach;
import dev.ortune.trainer.model.form.Rotary;
import dev.ortune.trainer.model.form.Rows;
import dev.ortune.trainer.model.form.Scores;
import java.util.List;
import java.util.Set;

/**
 * Llama (Touvron et al. 2023, arXiv:2302.13971) up to version 3.2, and Qwen2 with Qwen2.5 (arXiv:2407.10671), which differs in its
 * biases: rotary positions, heads that share keys, RMSNorms before what they are for, gated feed-forward blocks, and attention in
 * which a token sees itself and those before it, so that a text is what its last token stands for.
 */
public final class Llama implements Architecture {
    private static final double CLASSIFIER_DROPOUT = 0.1;
    private static final int MOST_OF_HEAD = 4096;
    private static final String CAUSAL = "ForCausalLM";
    private static final String LM_HEAD = "lm_head";
    private static final String ROPE = "rope_parameters";

    private final Family family;
    private final EncoderConfig config;
    private final Keys keys;
    private final Biases biases;
    /** Whether next tokens are told by the word embedding. */
    private final boolean tied;

    private Llama(Family family, EncoderConfig config, Keys keys, Biases biases, boolean tied) {
        this.family = family;
        this.config = config;
        this.keys = keys;
        this.biases = biases;
        this.tied = tied;
    }

    /**
     * One of its kin.
     *
     * @param modelType as config.json has it
     * @param className as transformers begins its classes
     */
    private record Family(String modelType, String className) {}

    /**
     * What keys there are.
     *
     * @param heads how many have their own
     * @param headSize width of each
     * @param rotary how they are turned
     */
    private record Keys(int heads, int headSize, Rotary rotary) {}

    /**
     * Which linear layers have biases.
     *
     * @param attention those before an attention
     * @param output the one behind it
     * @param feedForward the three of a block
     */
    private record Biases(boolean attention, boolean output, boolean feedForward) {}

    static Llama llama(ConfigValues values) {
        boolean attention = values.flag("attention_bias", false);
        return of(
                new Family("llama", "Llama"),
                values,
                new Size(32000, 4096, 32, 32, 11008, 2048, 0),
                new Biases(attention, attention, values.flag("mlp_bias", false)));
    }

    static Llama qwen2(ConfigValues values) {
        if (values.flag("use_sliding_window", false)) {
            throw new OrtuneException("config.json: use_sliding_window true is not supported; false is");
        }
        return of(
                new Family("qwen2", "Qwen2"),
                values,
                new Size(151936, 4096, 32, 32, 22016, 32768, 0),
                new Biases(true, false, false));
    }

    private static Llama of(Family family, ConfigValues values, Size defaults, Biases biases) {
        Size size = new Size(
                values.positive("vocab_size", defaults.vocab()),
                values.positive("hidden_size", defaults.hidden()),
                values.positive("num_hidden_layers", defaults.layers()),
                values.positive("num_attention_heads", defaults.heads()),
                values.positive("intermediate_size", defaults.intermediate()),
                values.positive("max_position_embeddings", defaults.positions()),
                0);
        int keyHeads = values.positive("num_key_value_heads", size.heads());
        if (size.heads() % keyHeads != 0) {
            throw new OrtuneException("config.json: num_attention_heads " + size.heads()
                    + " is not a multiple of num_key_value_heads " + keyHeads);
        }
        int headSize = values.positive("head_dim", size.head());
        if (headSize % 2 != 0 || headSize > MOST_OF_HEAD) {
            throw new OrtuneException("config.json: heads of " + headSize
                    + " numbers are not supported; even numbers up to " + MOST_OF_HEAD + " are");
        }
        EncoderConfig.Dropout dropout = new EncoderConfig.Dropout(
                0,
                values.probability("attention_dropout", 0),
                values.probability("classifier_dropout", values.probability("hidden_dropout", CLASSIFIER_DROPOUT)));
        EncoderConfig config = new EncoderConfig(
                size,
                values.activation("hidden_act", "silu"),
                dropout,
                values.number("rms_norm_eps", 1e-6),
                values.number("initializer_range", 0.02));
        Keys keys = new Keys(keyHeads, headSize, rotary(values, headSize));
        return new Llama(family, config, keys, biases, values.flag("tie_word_embeddings", false));
    }

    /** In the form of today, one table, or in that of older files, a number and a table of how it is stretched. */
    private static Rotary rotary(ConfigValues values, int headSize) {
        JsonNode today = values.json().path(ROPE);
        ConfigValues table =
                new ConfigValues(today.isObject() ? today : values.json().path("rope_scaling"));
        double theta =
                today.has("rope_theta") ? table.number("rope_theta", 10_000) : values.number("rope_theta", 10_000);
        if (theta <= 0) {
            throw new OrtuneException("config.json: rope_theta must be positive, not " + theta);
        }
        JsonNode named = table.json().path("rope_type");
        String type = (named.isMissingNode() ? table.json().path("type") : named).asText("default");
        return new Rotary(theta, headSize, stretch(type, table));
    }

    private static Rotary.Stretch stretch(String type, ConfigValues table) {
        return switch (type) {
            case "default" -> null;
            case "linear" -> new Rotary.Stretch(above(table, "factor", 0), 1, 2, 0);
            case "llama3" -> {
                double low = above(table, "low_freq_factor", 0);
                yield new Rotary.Stretch(
                        above(table, "factor", 0),
                        low,
                        above(table, "high_freq_factor", low),
                        above(table, "original_max_position_embeddings", 0));
            }
            default ->
                throw new OrtuneException("config.json: rope_type \"" + Printable.of(type)
                        + "\" is not supported; default, linear and llama3 are");
        };
    }

    private static double above(ConfigValues table, String key, double least) {
        double value = table.number(key, Double.NEGATIVE_INFINITY);
        if (!(value > least)) {
            throw new OrtuneException("config.json: " + key + " must be above " + least);
        }
        return value;
    }

    @Override
    public String modelType() {
        return family.modelType();
    }

    @Override
    public String className() {
        return family.className();
    }

    @Override
    public Architecture of(Head head) {
        String name = head.className(this);
        if (!List.of("ForSequenceClassification", "ForTokenClassification", CAUSAL)
                .contains(name)) {
            throw new OrtuneException(className()
                    + " is trained for text-classification, multi-label, regression, token-classification and next tokens here,"
                    + " not as " + className() + name);
        }
        return this;
    }

    @Override
    public Geometry geometry() {
        return new Geometry(config.size().heads(), keys.heads(), keys.headSize(), mostTokens(), false);
    }

    @Override
    public Value hidden(Form form) {
        Form base = form.in("model");
        Value hidden = form.toLayers(
                base.lookup("embed_tokens", vocabSize(), config.size().hidden(), form.inputIds()));
        for (int i = 0; i < layers(); i++) {
            hidden = layer(base.in("layers." + i), i, hidden);
        }
        return form.fromLayers(base.rmsNorm("norm", hidden, config.layerNormEps()));
    }

    private Value layer(Form form, int number, Value hidden) {
        boolean last = number == layers() - 1;
        Value normed = form.rmsNorm("input_layernorm", hidden, config.layerNormEps());
        Value residual = last ? form.wanted(hidden) : hidden;
        Value queries = last ? form.wanted(normed) : normed;
        Value context = form.attention(attention(), queries, normed);
        int width = config.size().hidden();
        Value attended = form.ops().add(residual, form.linear("self_attn.o_proj", context, width, biases.output()));
        Value between = form.rmsNorm("post_attention_layernorm", attended, config.layerNormEps());
        return form.ops().add(attended, feedForward(form.in("mlp"), between));
    }

    private Attention attention() {
        return new Attention(
                new Projections(
                        List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"), biases.attention()),
                config.size().heads(),
                keys.heads(),
                keys.headSize(),
                config.dropout().attention(),
                Scores.DOT_PRODUCTS,
                keys.rotary(),
                Reach.CAUSAL);
    }

    /** SwiGLU (Shazeer 2020, arXiv:2002.05202). */
    private Value feedForward(Form form, Value x) {
        int inner = config.size().intermediate();
        Value gate = form.activation(form.linear("gate_proj", x, inner, biases.feedForward()), config.activation());
        Value gated = form.ops().mul(gate, form.linear("up_proj", x, inner, biases.feedForward()));
        return form.linear("down_proj", gated, config.size().hidden(), biases.feedForward());
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
        return form.linear(
                sequenceClassifier(), form.dropout(hidden, config.dropout().classifier()), labels);
    }

    @Override
    public Value maskedLanguageModel(Form form, Value hidden) {
        throw new UnsupportedOperationException(className() + " tells the next word, none behind a mask");
    }

    @Override
    public boolean tellsNextTokens() {
        return true;
    }

    @Override
    public String nextTokensClass() {
        return CAUSAL;
    }

    @Override
    public String nextTokensLayer() {
        return tied ? Architecture.super.nextTokensLayer() : LM_HEAD;
    }

    @Override
    public Value causalLanguageModel(Form form, Value hidden) {
        return tied
                ? form.tied(wordEmbeddings(), null, hidden, vocabSize())
                : form.product(LM_HEAD, hidden, vocabSize());
    }

    @Override
    public List<Parameter> pretrainingParameters() {
        PlainForm form = new PlainForm(new Graph("pretraining"), geometry());
        causalLanguageModel(form.head(), hidden(form));
        return form.parameters();
    }

    /** Its files may have a matrix that is not used, since it is the word embedding. */
    @Override
    public Set<String> weightNames() {
        Set<String> names = Architecture.super.weightNames();
        names.add(LM_HEAD + ".weight");
        return names;
    }

    @Override
    public String sequenceClassifier() {
        return "score";
    }

    @Override
    public String tokenClassifier() {
        return sequenceClassifier();
    }

    /** Of a text it is a matrix alone. */
    @Override
    public Set<String> optionalNames() {
        return Set.of(sequenceClassifier() + ".bias");
    }

    @Override
    public String wordEmbeddings() {
        return "model.embed_tokens.weight";
    }

    @Override
    public int vocabSize() {
        return config.size().vocab();
    }

    @Override
    public Architecture withVocabSize(int rows) {
        return new Llama(family, config.withSize(config.size().withVocab(rows)), keys, biases, tied);
    }

    @Override
    public int layers() {
        return config.size().layers();
    }

    @Override
    public Architecture withLayers(int count) {
        return new Llama(family, config.withSize(config.size().withLayers(count)), keys, biases, tied);
    }

    @Override
    public String layerPrefix(int layer) {
        return "model.layers." + layer + ".";
    }

    @Override
    public int mostTokens() {
        return config.size().positions();
    }

    @Override
    public double initializerRange() {
        return config.initializerRange();
    }

    @Override
    public String moduleClass(String parent, String name) {
        return switch (name) {
            case "layers" -> className() + "DecoderLayer";
            case "self_attn" -> className() + "Attention";
            case "mlp" -> className() + "MLP";
            case "norm", "input_layernorm", "post_attention_layernorm", "rms_norm" -> className() + "RMSNorm";
            default -> Architecture.super.moduleClass(parent, name);
        };
    }
}
