package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;

/**
 * An encoder of absolute positions and post-norm layers: BERT and its kin.
 *
 * @param size its dimensions
 * @param activation inside the feed-forward blocks
 * @param dropout the ratios
 * @param layerNormEps added to the variance in LayerNorm
 * @param initializerRange standard deviation for weights that no file holds
 */
public record EncoderConfig(
        Size size, Activation activation, Dropout dropout, double layerNormEps, double initializerRange) {
    /**
     * The dimensions.
     *
     * @param vocab rows of the word embedding
     * @param hidden width of a token's vector
     * @param layers encoder layers
     * @param heads attention heads; divides {@code hidden}
     * @param intermediate width inside the feed-forward block
     * @param positions rows of the position embedding
     * @param types rows of the token type embedding; 0 for none
     */
    public record Size(int vocab, int hidden, int layers, int heads, int intermediate, int positions, int types) {
        public Size {
            if (hidden % heads != 0) {
                throw new OrtuneException(
                        "config.json: hidden_size " + hidden + " is not a multiple of " + heads + " attention heads");
            }
        }

        /** Width of one attention head. */
        public int head() {
            return hidden / heads;
        }

        Size withVocab(int rows) {
            return new Size(rows, hidden, layers, heads, intermediate, positions, types);
        }

        Size withLayers(int count) {
            return new Size(vocab, hidden, count, heads, intermediate, positions, types);
        }
    }

    /**
     * Ratios of dropout, each in [0, 1).
     *
     * @param hidden after embeddings, attention output and feed-forward output
     * @param attention of the attention probabilities
     * @param classifier before the last layer of a head
     */
    public record Dropout(double hidden, double attention, double classifier) {}

    EncoderConfig withSize(Size other) {
        return new EncoderConfig(other, activation, dropout, layerNormEps, initializerRange);
    }

    EncoderConfig withClassifierDropout(double ratio) {
        Dropout other = new Dropout(dropout.hidden(), dropout.attention(), ratio);
        return new EncoderConfig(size, activation, other, layerNormEps, initializerRange);
    }

    /**
     * Where families of BERT's keys differ.
     *
     * @param activation default of {@code hidden_act}
     * @param dropout default of both dropouts inside the encoder
     * @param classifierDropout the key of the classifier's
     * @param classifierDefault its default; negative for that of the encoder
     */
    record Keys(String activation, double dropout, String classifierDropout, double classifierDefault) {
        static final Keys BERT = new Keys("gelu", 0.1, "classifier_dropout", -1);
    }

    /** Reads the keys that BERT, RoBERTa and ELECTRA share; the defaults are those of transformers' BertConfig. */
    static EncoderConfig of(ConfigValues values, Size defaults) {
        return of(values, defaults, Keys.BERT);
    }

    /** Likewise, where a family has other defaults. */
    static EncoderConfig of(ConfigValues values, Size defaults, Keys keys) {
        Size size = new Size(
                values.positive("vocab_size", defaults.vocab()),
                values.positive("hidden_size", defaults.hidden()),
                values.positive("num_hidden_layers", defaults.layers()),
                values.positive("num_attention_heads", defaults.heads()),
                values.positive("intermediate_size", defaults.intermediate()),
                values.positive("max_position_embeddings", defaults.positions()),
                values.positive("type_vocab_size", defaults.types()));
        values.require("position_embedding_type", "absolute");
        double hidden = values.probability("hidden_dropout_prob", keys.dropout());
        double classifier = keys.classifierDefault() < 0 ? hidden : keys.classifierDefault();
        Dropout dropout = new Dropout(
                hidden,
                values.probability("attention_probs_dropout_prob", keys.dropout()),
                values.probability(keys.classifierDropout(), classifier));
        return new EncoderConfig(
                size,
                values.activation("hidden_act", keys.activation()),
                dropout,
                values.number("layer_norm_eps", 1e-12),
                values.number("initializer_range", 0.02));
    }
}
