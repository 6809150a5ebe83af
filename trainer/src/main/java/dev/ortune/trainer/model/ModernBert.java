package dev.ortune.trainer.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Attention;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.Projections;
import dev.ortune.trainer.model.form.Reach;
import dev.ortune.trainer.model.form.Rotary;
import dev.ortune.trainer.model.form.Rows;
import dev.ortune.trainer.model.form.Scores;
import java.util.ArrayList;
import java.util.List;

/**
 * ModernBERT (Warner et al. 2024, arXiv:2412.13663): norms before what they are for, rotary positions, gated feed-forward blocks,
 * and of three layers two in which a token sees only those near it.
 */
public final class ModernBert implements Architecture {
    private static final int MOST_LAYERS = 1000;

    private final EncoderConfig config;
    private final Biases biases;
    private final Layers layers;
    private final Options options;

    private ModernBert(EncoderConfig config, Biases biases, Layers layers, Options options) {
        this.config = config;
        this.biases = biases;
        this.layers = layers;
        this.options = options;
    }

    /**
     * Which parts have biases.
     *
     * @param norm the LayerNorms
     * @param attention its two linear layers
     * @param feedForward its two
     * @param classifier the dense layer before the last one
     * @param decoder the last layer of the head for masked words
     */
    private record Biases(boolean norm, boolean attention, boolean feedForward, boolean classifier, boolean decoder) {}

    /**
     * How layers differ.
     *
     * @param global whether a layer sees all tokens, by its number
     * @param globalTheta the base of angles in those that do
     * @param localTheta in those that do not
     * @param window how far these see to either side
     */
    private record Layers(List<Boolean> global, double globalTheta, double localTheta, int window) {
        Layers {
            global = List.copyOf(global);
        }
    }

    /**
     * What else can be otherwise.
     *
     * @param dropout inside the feed-forward block
     * @param activation in the classifier
     * @param mean whether a text is the mean of its tokens, or else its first one
     */
    private record Options(double dropout, Activation activation, boolean mean) {}

    static ModernBert of(ConfigValues values) {
        Size size = new Size(
                values.positive("vocab_size", 50368),
                values.positive("hidden_size", 768),
                values.positive("num_hidden_layers", 22),
                values.positive("num_attention_heads", 12),
                values.positive("intermediate_size", 1152),
                values.positive("max_position_embeddings", 8192),
                0);
        if (size.head() % 2 != 0) {
            throw new OrtuneException(
                    "config.json: heads of " + size.head()
                            + " numbers cannot be turned by halves; hidden_size must be an even multiple of num_attention_heads");
        }
        EncoderConfig.Dropout dropout = new EncoderConfig.Dropout(
                values.probability("embedding_dropout", 0),
                values.probability("attention_dropout", 0),
                values.probability("classifier_dropout", 0));
        EncoderConfig config = new EncoderConfig(
                size,
                values.activation("hidden_activation", "gelu"),
                dropout,
                values.number("norm_eps", 1e-5),
                values.number("initializer_range", 0.02));
        Biases biases = new Biases(
                values.flag("norm_bias", false),
                values.flag("attention_bias", false),
                values.flag("mlp_bias", false),
                values.flag("classifier_bias", false),
                values.flag("decoder_bias", true));
        Options options = new Options(
                values.probability("mlp_dropout", 0),
                values.activation("classifier_activation", "gelu"),
                isMean(values.json().path("classifier_pooling").asText("cls")));
        return new ModernBert(config, biases, layers(values, size.layers()), options);
    }

    private static boolean isMean(String pooling) {
        return switch (pooling) {
            case "mean" -> true;
            case "cls" -> false;
            default ->
                throw new OrtuneException("config.json: classifier_pooling \"" + Printable.of(pooling)
                        + "\" is not supported; cls and mean are");
        };
    }

    /** In the form of today, a list and a table, or in that of the published files, three numbers. */
    private static Layers layers(ConfigValues values, int count) {
        int every = values.positive("global_attn_every_n_layers", 3);
        JsonNode types = values.json().path("layer_types");
        List<Boolean> global = new ArrayList<>();
        for (JsonNode type : types) {
            global.add(isGlobal(type.asText()));
        }
        if (!types.isArray()) {
            for (int i = 0; i < Math.min(count, MOST_LAYERS); i++) {
                global.add(i % every == 0);
            }
        }
        if (global.size() < count) {
            throw new OrtuneException("config.json: num_hidden_layers " + count + " is more than "
                    + (types.isArray()
                            ? "the " + global.size() + " of layer_types"
                            : "the " + MOST_LAYERS + " supported"));
        }
        int window = values.positive("local_attention", 128) / 2;
        if (window == 0) {
            throw new OrtuneException("config.json: local_attention 1 leaves nothing to see; 2 is the least");
        }
        return new Layers(
                global,
                theta(values, "full_attention", "global_rope_theta", 160_000),
                theta(values, "sliding_attention", "local_rope_theta", 10_000),
                window);
    }

    private static boolean isGlobal(String type) {
        return switch (type) {
            case "full_attention" -> true;
            case "sliding_attention" -> false;
            default ->
                throw new OrtuneException("config.json: layer_types has \"" + Printable.of(type)
                        + "\"; full_attention and sliding_attention are supported");
        };
    }

    private static double theta(ConfigValues values, String kind, String older, double otherwise) {
        JsonNode parameters = values.json().path("rope_parameters").path(kind);
        String type = parameters.path("rope_type").asText("default");
        if (!type.equals("default")) {
            throw new OrtuneException(
                    "config.json: rope_type \"" + Printable.of(type) + "\" is not supported; default is");
        }
        double theta = parameters.has("rope_theta")
                ? new ConfigValues(parameters).number("rope_theta", otherwise)
                : values.number(older, otherwise);
        if (theta <= 0) {
            throw new OrtuneException("config.json: rope_theta must be positive, not " + theta);
        }
        return theta;
    }

    @Override
    public String modelType() {
        return "modernbert";
    }

    @Override
    public String className() {
        return "ModernBert";
    }

    @Override
    public Geometry geometry() {
        return new Geometry(config.size().heads(), config.size().head(), mostTokens(), false);
    }

    @Override
    public Value hidden(Form form) {
        Form base = form.in("model");
        Form embedded = base.in("embeddings");
        int width = config.size().hidden();
        Value words = embedded.lookup("tok_embeddings", vocabSize(), width, form.inputIds());
        Value hidden = embedded.dropout(
                norm(embedded, "norm", form.toLayers(words)), config.dropout().hidden());
        for (int i = 0; i < layers(); i++) {
            hidden = layer(base.in("layers." + i), i, hidden);
        }
        return form.fromLayers(norm(base, "final_norm", hidden));
    }

    private Value norm(Form form, String name, Value x) {
        return form.layerNorm(name, x, config.layerNormEps(), biases.norm());
    }

    private Value layer(Form form, int number, Value hidden) {
        boolean last = number == layers() - 1;
        // The embeddings have been through a norm just now.
        Value normed = number == 0 ? hidden : norm(form, "attn_norm", hidden);
        Value residual = last ? form.wanted(hidden) : hidden;
        Value queries = last ? form.wanted(normed) : normed;
        Value context = form.attention(attention(number), queries, normed);
        int width = config.size().hidden();
        Value output = form.linear("attn.Wo", context, width, biases.attention());
        Value attended =
                form.ops().add(residual, form.dropout(output, config.dropout().attention()));
        return form.ops().add(attended, feedForward(form, norm(form, "mlp_norm", attended)));
    }

    private Attention attention(int number) {
        boolean global = layers.global().get(number);
        Size size = config.size();
        return new Attention(
                Projections.ofOne("attn.Wqkv", biases.attention()),
                size.heads(),
                size.heads(),
                size.head(),
                config.dropout().attention(),
                Scores.DOT_PRODUCTS,
                new Rotary(global ? layers.globalTheta() : layers.localTheta(), size.head()),
                global ? Reach.ALL : Reach.within(layers.window()));
    }

    /** GeGLU (Shazeer 2020, arXiv:2002.05202): one half through the function, times the other. */
    private Value feedForward(Form form, Value x) {
        Value both = form.linear("mlp.Wi", x, 2L * config.size().intermediate(), biases.feedForward());
        List<Value> halves = form.ops().split(both, 2, both.shape().rank() - 1).outputs();
        Value gated = form.ops().mul(form.activation(halves.get(0), config.activation()), halves.get(1));
        return form.linear(
                "mlp.Wo", form.dropout(gated, options.dropout()), config.size().hidden(), biases.feedForward());
    }

    @Override
    public Rows rowsOfTexts() {
        return options.mean() ? Rows.MEAN : Rows.FIRST;
    }

    @Override
    public Value sequenceClassification(Form form, Value hidden, int labels) {
        return tokenClassification(form, options.mean() ? form.mean(hidden) : form.first(hidden), labels);
    }

    @Override
    public Value tokenClassification(Form form, Value hidden, int labels) {
        Value transformed = transformed(form, hidden);
        return form.linear(
                "classifier", form.dropout(transformed, config.dropout().classifier()), labels);
    }

    @Override
    public Value maskedLanguageModel(Form form, Value hidden) {
        String bias = biases.decoder() ? "decoder.bias" : null;
        return form.tied(wordEmbeddings(), bias, transformed(form, hidden), vocabSize());
    }

    /** What all heads begin with. */
    private Value transformed(Form form, Value hidden) {
        Form head = form.in("head");
        Value dense = head.linear("dense", hidden, config.size().hidden(), biases.classifier());
        return norm(head, "norm", head.activation(dense, options.activation()));
    }

    @Override
    public Value questionAnswering(Form form, Value hidden) {
        return tokenClassification(form, hidden, 2);
    }

    @Override
    public String questionAnswerer() {
        return sequenceClassifier();
    }

    @Override
    public String sequenceClassifier() {
        return "classifier";
    }

    @Override
    public String wordEmbeddings() {
        return "model.embeddings.tok_embeddings.weight";
    }

    @Override
    public int vocabSize() {
        return config.size().vocab();
    }

    @Override
    public Architecture withVocabSize(int rows) {
        return with(config.size().withVocab(rows));
    }

    @Override
    public int layers() {
        return config.size().layers();
    }

    @Override
    public Architecture withLayers(int count) {
        return with(config.size().withLayers(count));
    }

    private ModernBert with(Size size) {
        return new ModernBert(config.withSize(size), biases, layers, options);
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

    /** Megatron's, by what a layer is for; transformers cuts the normal distribution's ends off, which is not done here. */
    @Override
    public double initializerRange(Parameter parameter) {
        return switch (parameter.name()) {
            case "classifier.weight" -> 1 / Math.sqrt(config.size().hidden());
            case "head.dense.weight" -> initializerRange() / Math.sqrt(2.0 * layers());
            default -> initializerRange();
        };
    }

    @Override
    public String moduleClass(String parent, String name) {
        return switch (name) {
            case "layers" -> "ModernBertEncoderLayer";
            case "attn" -> "ModernBertAttention";
            case "mlp" -> "ModernBertMLP";
            case "head" -> "ModernBertPredictionHead";
            default -> Architecture.super.moduleClass(parent, name);
        };
    }
}
