package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.Heads;
import dev.ortune.trainer.model.form.Scores;
import dev.ortune.trainer.model.layers.Distances;
import dev.ortune.trainer.model.layers.PostNormLayer;

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

    private static final int BUCKETS = 32;
    private static final int FARTHEST = 128;

    private final int rows;

    private MpNet(EncoderConfig config, int rows) {
        super(config);
        this.rows = rows;
    }

    static MpNet of(ConfigValues values) {
        EncoderConfig config = EncoderConfig.of(values, new Size(30527, 768, 12, 12, 3072, 512, 2));
        int rows = values.positive("relative_attention_num_buckets", BUCKETS);
        if (rows < BUCKETS) {
            throw new OrtuneException("config.json: relative_attention_num_buckets " + rows
                    + " is too few; MPNet tells " + BUCKETS + " distances apart");
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
        return new Bias(base.in("encoder"));
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

    /**
     * The bucket of a distance, T5's (Raffel et al. 2020, arXiv:1910.10683): one each for the nearest, then ever wider ones, up
     * to {@value #FARTHEST} tokens; the second half of them is for keys behind the query. In float32, as transformers computes
     * it.
     */
    static int bucket(int queryMinusKey) {
        int half = BUCKETS / 2;
        int base = queryMinusKey < 0 ? half : 0;
        int distance = Math.abs(queryMinusKey);
        int exact = half / 2;
        if (distance < exact) {
            return base + distance;
        }
        float ratio = (float) Math.log((float) distance / exact) / (float) Math.log((double) FARTHEST / exact);
        return base + Math.min(half - 1, exact + (int) (ratio * (half - exact)));
    }

    /** Dot products and the bias, which is laid out once for all layers in which all tokens ask. */
    private final class Bias implements Scores {
        private final Distances distances;
        /** {@code [heads, distances]} */
        private final Value byDistance;

        private Value byPlace;

        Bias(Form encoder) {
            distances = Distances.of(encoder);
            long heads = config().size().heads();
            Value numbers = distances.numbers(MpNet::bucket, mostTokens());
            Value picked = encoder.lookup("relative_attention_bias", rows, heads, numbers);
            byDistance =
                    encoder.toLayers(encoder.ops().in("relative_attention_bias").transpose(picked, 1, 0));
        }

        @Override
        public Value of(Heads heads) {
            Ops ops = heads.ops();
            Value products = Scores.DOT_PRODUCTS.of(heads);
            if (heads.ofFirst()) {
                Value row = distances.ofFirst(ops, byDistance, -1);
                return ops.add(products, ops.reshape(row, Shape.of(heads.count(), 1, Distances.SEQUENCE)));
            }
            if (byPlace == null) {
                byPlace = distances.places(ops, repeated(heads));
            }
            return ops.add(products, byPlace);
        }

        /** {@code [heads, sequence, distances]}: the same row for each token that asks. */
        private Value repeated(Heads heads) {
            Ops ops = heads.ops();
            Dim all = byDistance.shape().dim(-1);
            Value rowEach = ops.reshape(byDistance, Shape.of(heads.count(), 1, all));
            Value sizes =
                    ops.concat(0, new Dim(null, 3), ops.vector(1), heads.form().length(), ops.vector(1));
            return ops.expand(rowEach, sizes, Shape.of(heads.count(), Distances.SEQUENCE, all));
        }
    }
}
