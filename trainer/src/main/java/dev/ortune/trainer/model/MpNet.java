package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.Scores;
import dev.ortune.trainer.model.layers.Distances;
import dev.ortune.trainer.model.layers.PostNormLayer;
import dev.ortune.trainer.model.layers.RelativeBias;
import dev.ortune.trainer.model.layers.RelativeBuckets;

/**
 * MPNet (Song et al. 2020, arXiv:2004.09297): RoBERTa's positions and head, no segments, and a number a head that is added to
 * its scores by how far apart two tokens are, the same in all layers.
 */
public final class MpNet extends BertLike {
    private static final PostNormLayer LAYER = new PostNormLayer(
            "attention.attn.q",
            "attention.attn.k",
            "attention.attn.v",
            "attention.attn.o",
            "attention.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    /** transformers' class has these three numbers in its code, whatever config.json says. */
    private static final int PAD_ID = 1;

    private static final RelativeBuckets BUCKETS = new RelativeBuckets(32, 128, true);

    private final int rows;

    private MpNet(EncoderConfig config, int rows) {
        super(config);
        this.rows = rows;
    }

    static MpNet of(ConfigValues values) {
        EncoderConfig config = EncoderConfig.of(values, new Size(30527, 768, 12, 12, 3072, 512, 2));
        int rows = values.positive("relative_attention_num_buckets", BUCKETS.count());
        if (rows < BUCKETS.count()) {
            throw new OrtuneException("config.json: relative_attention_num_buckets " + rows
                    + " is too few; MPNet tells " + BUCKETS.count() + " distances apart");
        }
        if (config.size().positions() <= PAD_ID + 1 || config.size().vocab() <= PAD_ID) {
            throw new OrtuneException("config.json: the padding token " + PAD_ID + " leaves no room among "
                    + config.size().positions() + " positions and "
                    + config.size().vocab() + " tokens");
        }
        return new MpNet(config.withClassifierDropout(config.dropout().hidden()), rows);
    }

    @Override
    Architecture with(EncoderConfig other) {
        return new MpNet(other, rows);
    }

    @Override
    public String modelType() {
        return "mpnet";
    }

    @Override
    public String className() {
        return "MPNet";
    }

    @Override
    String prefix() {
        return "mpnet";
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
    public int mostTokens() {
        return config().size().positions() - PAD_ID - 1;
    }

    @Override
    Value embeddings(Form form) {
        Value words = words(form);
        return form.ops().add(words, positionsAfterPadding(form, PAD_ID));
    }

    @Override
    Scores scores(Form base) {
        Form encoder = base.in("encoder");
        Distances distances = Distances.of(encoder);
        Value numbers = distances.numbers(BUCKETS::of, mostTokens());
        RelativeBias.Table table = new RelativeBias.Table(rows, config().size().heads());
        return new RelativeBias(encoder, table, distances, numbers, Scores.DOT_PRODUCTS);
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

    @Override
    public String moduleClass(String parent, String name) {
        return switch (name) {
            case "attn" -> "MPNetSelfAttention";
            default -> super.moduleClass(parent, name);
        };
    }
}
