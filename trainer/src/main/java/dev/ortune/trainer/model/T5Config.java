package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.model.layers.RelativeBuckets;

/**
 * T5's config.json.
 *
 * @param size its dimensions
 * @param feedForward the function inside the feed-forward blocks
 * @param gated whether it is of one linear layer and multiplied with another one
 * @param dropout after embeddings, attention, feed-forward blocks and the last norm, and of attention's probabilities
 * @param classifierDropout before the linear layers of a head
 * @param epsilon added to the mean square in RMSNorm
 * @param output how the last states meet the vocabulary
 * @param initializerFactor what deviations of weights that no file holds are multiplied by
 */
public record T5Config(
        Size size,
        Activation feedForward,
        boolean gated,
        double dropout,
        double classifierDropout,
        double epsilon,
        Output output,
        double initializerFactor) {
    private static final String GATED = "gated-";

    /** Files claim more by mistake or malice alone. */
    private static final int MOST_LAYERS = 1000;

    private static final int MOST_BUCKETS = 1 << 16;

    /**
     * The dimensions.
     *
     * @param vocab rows of the word embedding
     * @param model width of a token's vector
     * @param inner width inside the feed-forward block
     * @param layers of the encoder
     * @param decoderLayers of the decoder
     * @param heads of an attention
     * @param head width of each; all together may be of another width than a token's vector
     * @param buckets of distances
     */
    public record Size(
            int vocab, int model, int inner, int layers, int decoderLayers, int heads, int head, Buckets buckets) {
        Size withVocab(int rows) {
            return new Size(rows, model, inner, layers, decoderLayers, heads, head, buckets);
        }

        /** The decoder keeps two layers at least, the first of which differs from all others. */
        Size withLayers(int count) {
            int decoder = Math.min(decoderLayers, Math.max(count, 2));
            return new Size(vocab, model, inner, count, decoder, heads, head, buckets);
        }
    }

    /**
     * Of distances.
     *
     * @param count how many
     * @param farthest the distance of the last one
     */
    public record Buckets(int count, int farthest) {
        public Buckets {
            if (count < 4 || count % 2 != 0 || farthest <= count / 2 || farthest > MOST_BUCKETS) {
                throw new OrtuneException("config.json: relative_attention_num_buckets " + count
                        + " do not fit relative_attention_max_distance " + farthest);
            }
        }

        /** As the encoder or the decoder tells them apart. */
        public RelativeBuckets apart(boolean bothWays) {
            return new RelativeBuckets(count, farthest, bothWays);
        }
    }

    /**
     * How the decoder's last states meet the vocabulary.
     *
     * @param scaled whether they are multiplied by one over the root of their width, as in the first version
     * @param own whether the matrix is one of its own, {@code lm_head}, and not the word embedding
     */
    public record Output(boolean scaled, boolean own) {}

    static T5Config of(ConfigValues values) {
        int layers = values.positive("num_layers", 6);
        Size size = new Size(
                values.positive("vocab_size", 32128),
                values.positive("d_model", 512),
                values.positive("d_ff", 2048),
                layers,
                values.positive("num_decoder_layers", layers),
                values.positive("num_heads", 8),
                values.positive("d_kv", 64),
                new Buckets(
                        values.positive("relative_attention_num_buckets", 32),
                        values.positive("relative_attention_max_distance", 128)));
        if (size.decoderLayers() > MOST_LAYERS) {
            throw new OrtuneException("config.json: num_decoder_layers " + size.decoderLayers() + " is more than the "
                    + MOST_LAYERS + " supported");
        }
        // What shifts a text by one place begins it with the row of padding, the table's first.
        int pad = values.integer("pad_token_id", 0);
        int start = values.integer("decoder_start_token_id", pad);
        if (pad != 0 || start != 0) {
            throw new OrtuneException("config.json: pad_token_id " + pad + " and decoder_start_token_id " + start
                    + " are not supported; 0 and 0 are");
        }
        String projection = Printable.of(values.json().path("feed_forward_proj").asText("relu"));
        boolean gated = projection.startsWith(GATED);
        // A gated gelu is the one by tanh, whatever it is called.
        String function = projection.equals("gated-gelu") ? "gelu_new" : projection.replaceFirst("^" + GATED, "");
        // transformers 5 ties the weights of all models, and keeps apart whether the states are scaled.
        boolean scaled = values.flag("scale_decoder_outputs", values.flag("tie_word_embeddings", true));
        return new T5Config(
                size,
                Activation.of("feed_forward_proj", function),
                gated,
                values.probability("dropout_rate", 0.1),
                values.probability("classifier_dropout", 0),
                values.number("layer_norm_epsilon", 1e-6),
                new Output(scaled, !scaled),
                values.number("initializer_factor", 1));
    }

    T5Config with(Size other) {
        return new T5Config(other, feedForward, gated, dropout, classifierDropout, epsilon, output, initializerFactor);
    }

    T5Config with(Output other) {
        return new T5Config(size, feedForward, gated, dropout, classifierDropout, epsilon, other, initializerFactor);
    }
}
