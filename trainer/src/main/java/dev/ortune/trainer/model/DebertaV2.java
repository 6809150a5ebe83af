package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.Scores;
import dev.ortune.trainer.model.layers.DisentangledScores;
import dev.ortune.trainer.model.layers.PostNormLayer;
import java.util.List;

/**
 * DeBERTa in its versions 2 and 3 (He et al. 2021, arXiv:2006.03654 and arXiv:2111.09543): attention compares what tokens are
 * with how far apart they are, and the other way round; positions are usually no part of what layers take.
 */
public final class DebertaV2 extends BertLike {
    private static final PostNormLayer LAYER = new PostNormLayer(
            "attention.self.query_proj",
            "attention.self.key_proj",
            "attention.self.value_proj",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    private final Relative relative;
    private final Options options;

    private DebertaV2(EncoderConfig config, Relative relative, Options options) {
        super(config);
        this.relative = relative;
        this.options = options;
    }

    /**
     * How distances take part in attention.
     *
     * @param buckets distances that are told apart in either direction; 0 for all
     * @param farthest the longest distance
     * @param scores which terms there are
     * @param normed whether the embeddings of distances go through a LayerNorm
     */
    private record Relative(int buckets, int farthest, DisentangledScores.Terms scores, boolean normed) {
        /** Rows of the table for either direction. */
        int span() {
            return buckets > 0 ? buckets : farthest;
        }

        /** The row of a distance: one each for the nearer half, then ever wider buckets. In float32, as transformers does. */
        int row(int queryMinusKey) {
            int bucket = buckets > 0 && farthest > 0 ? bucket(queryMinusKey) : queryMinusKey;
            return Math.min(Math.max(bucket + span(), 0), 2 * span() - 1);
        }

        private int bucket(int distance) {
            int middle = buckets / 2;
            int absolute = Math.abs(distance);
            if (absolute <= middle) {
                return distance;
            }
            float log = (float) Math.log((float) absolute / middle);
            float most = (float) Math.log((float) ((double) (farthest - 1) / middle));
            return Integer.signum(distance) * ((int) Math.ceil(log / most * (middle - 1)) + middle);
        }
    }

    /**
     * What else can be otherwise.
     *
     * @param embeddingSize width of the embeddings
     * @param positions whether absolute positions are added to the embeddings
     * @param kernel of the convolution beside the first layer; 0 for none
     * @param convolution the function behind it
     * @param pooler the function in the classifier
     * @param poolerDropout before it
     * @param legacy whether the head for masked words is that of transformers' first version, BERT's, or else that of the
     *     published files
     */
    private record Options(
            int embeddingSize,
            boolean positions,
            int kernel,
            Activation convolution,
            Activation pooler,
            double poolerDropout,
            boolean legacy) {}

    static DebertaV2 of(ConfigValues values) {
        Size size = new Size(
                values.positive("vocab_size", 128100),
                values.positive("hidden_size", 1536),
                values.positive("num_hidden_layers", 24),
                values.positive("num_attention_heads", 24),
                values.positive("intermediate_size", 6144),
                values.positive("max_position_embeddings", 512),
                Math.max(0, values.integer("type_vocab_size", 0)));
        requireOwn(values, "attention_head_size", size.head());
        requireOwn(values, "pooler_hidden_size", size.hidden());
        requireOwn(values, "conv_groups", 1);
        double hidden = values.probability("hidden_dropout_prob", 0.1);
        EncoderConfig.Dropout dropout = new EncoderConfig.Dropout(
                hidden,
                values.probability("attention_probs_dropout_prob", 0.1),
                values.probability("cls_dropout", hidden));
        EncoderConfig config = new EncoderConfig(
                size,
                values.activation("hidden_act", "gelu"),
                dropout,
                values.number("layer_norm_eps", 1e-7),
                values.number("initializer_range", 0.02));
        Options options = new Options(
                values.positive("embedding_size", size.hidden()),
                values.flag("position_biased_input", true),
                kernel(values),
                values.activation("conv_act", "tanh"),
                values.activation("pooler_hidden_act", "gelu"),
                values.probability("pooler_dropout", 0),
                values.flag("legacy", true));
        return new DebertaV2(config, relative(values, config), options);
    }

    private static Relative relative(ConfigValues values, EncoderConfig config) {
        if (!values.flag("relative_attention", false)) {
            return null;
        }
        int stated = values.integer("max_relative_positions", -1);
        int farthest = stated < 1 ? config.size().positions() : stated;
        int buckets = Math.max(0, values.integer("position_buckets", -1));
        if (buckets == 1 || (buckets > 0 && farthest - 1 <= buckets / 2)) {
            throw new OrtuneException(
                    "config.json: position_buckets " + buckets + " do not fit distances up to " + farthest);
        }
        List<String> terms = values.words("pos_att_type");
        DisentangledScores.Terms scores = new DisentangledScores.Terms(
                terms.contains("c2p"), terms.contains("p2c"), values.flag("share_att_key", false));
        return new Relative(
                buckets, farthest, scores, values.words("norm_rel_ebd").contains("layer_norm"));
    }

    private static int kernel(ConfigValues values) {
        int kernel = Math.max(0, values.integer("conv_kernel_size", 0));
        if (kernel > 0 && (kernel % 2 == 0 || kernel > 99)) {
            throw new OrtuneException(
                    "config.json: conv_kernel_size " + kernel + " is not supported; odd numbers below 100 are");
        }
        return kernel;
    }

    private static void requireOwn(ConfigValues values, String key, int only) {
        int stated = values.integer(key, only);
        if (stated != only) {
            throw new OrtuneException("config.json: " + key + " " + stated + " is not supported; " + only + " is");
        }
    }

    @Override
    Architecture with(EncoderConfig other) {
        return new DebertaV2(other, relative, options);
    }

    @Override
    public String modelType() {
        return "deberta-v2";
    }

    @Override
    public String className() {
        return "DebertaV2";
    }

    @Override
    String prefix() {
        return "deberta";
    }

    @Override
    PostNormLayer layerNames() {
        return LAYER;
    }

    @Override
    int embeddingSize() {
        return options.embeddingSize();
    }

    @Override
    public Geometry geometry() {
        Size size = config().size();
        return new Geometry(size.heads(), size.head(), mostTokens(), size.types() > 0);
    }

    @Override
    Value embeddings(Form form) {
        Value sum = words(form);
        if (options.positions()) {
            sum = form.ops().add(sum, positions(form));
        }
        int types = config().size().types();
        if (types > 0) {
            Value type = form.lookup("token_type_embeddings", types, embeddingSize(), form.tokenTypeIds());
            sum = form.ops().add(sum, type);
        }
        int hidden = config().size().hidden();
        return embeddingSize() == hidden ? sum : form.product("embed_proj", form.toLayers(sum), hidden);
    }

    @Override
    Scores scores(Form base) {
        if (relative == null) {
            return Scores.DOT_PRODUCTS;
        }
        double dropout = config().dropout().hidden();
        DisentangledScores scores =
                new DisentangledScores(base, relative.scores(), relative::row, mostTokens(), dropout);
        Form encoder = base.in("encoder");
        long hidden = config().size().hidden();
        Value rows = encoder.toLayers(encoder.lookup("rel_embeddings", 2L * relative.span(), hidden, scores.rows()));
        return scores.with(relative.normed() ? encoder.layerNorm("LayerNorm", rows, config().layerNormEps()) : rows);
    }

    @Override
    Value layer(Form base, int number, Value hidden, Scores scores) {
        if (number > 0 || options.kernel() == 0) {
            return super.layer(base, number, hidden, scores);
        }
        Value result = LAYER.of(base.in(layer() + ".0"), config(), hidden, scores, false);
        Form form = base.in("encoder.conv");
        long width = config().size().hidden();
        Value seen = form.convolution("conv", hidden, width, options.kernel());
        Value added = form.activation(form.dropout(seen, config().dropout().hidden()), options.convolution());
        Value normed = form.layerNorm("LayerNorm", form.ops().add(result, added), config().layerNormEps());
        return isLast(0) ? form.wanted(normed) : normed;
    }

    @Override
    public Value sequenceClassification(Form form, Value hidden, int labels) {
        Value first = form.dropout(form.first(hidden), options.poolerDropout());
        Value pooled = form.in("pooler").linear("dense", first, config().size().hidden(), options.pooler());
        return classifier(form, sequenceClassifier(), pooled, labels);
    }

    @Override
    MaskedWords maskedWords() {
        return options.legacy()
                ? super.maskedWords()
                : new MaskedWords(
                        "lm_predictions.lm_head.dense",
                        "lm_predictions.lm_head.LayerNorm",
                        "lm_predictions.lm_head.bias");
    }

    @Override
    public Value tokenClassification(Form form, Value hidden, int labels) {
        return form.linear("classifier", form.dropout(hidden, config().dropout().hidden()), labels);
    }

    @Override
    public String moduleClass(String parent, String name) {
        return switch (name) {
            case "self" -> "DisentangledSelfAttention";
            case "conv" -> "ConvLayer";
            case "pooler" -> "ContextPooler";
            default -> super.moduleClass(parent, name);
        };
    }
}
