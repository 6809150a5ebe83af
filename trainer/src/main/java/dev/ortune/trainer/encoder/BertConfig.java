package dev.ortune.trainer.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;

/**
 * The shape of a BERT encoder, in the words of Hugging Face's config.json.
 *
 * @param vocabSize rows of the word embedding
 * @param hiddenSize width of a token's vector
 * @param numHiddenLayers encoder layers
 * @param numAttentionHeads heads; divides {@code hiddenSize}
 * @param intermediateSize width inside the feed-forward block
 * @param maxPositionEmbeddings rows of the position embedding: the longest sequence
 * @param typeVocabSize rows of the token type embedding
 * @param hiddenAct {@code gelu}, {@code gelu_new} (also {@code gelu_pytorch_tanh}) or {@code relu}
 * @param hiddenDropoutProb dropout after embeddings, attention output and feed-forward output
 * @param attentionProbsDropoutProb dropout of the attention probabilities
 * @param classifierDropout dropout before the classification head
 * @param layerNormEps added to the variance in LayerNorm
 * @param initializerRange standard deviation for weights that no file holds
 */
public record BertConfig(
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int intermediateSize,
        int maxPositionEmbeddings,
        int typeVocabSize,
        String hiddenAct,
        double hiddenDropoutProb,
        double attentionProbsDropoutProb,
        double classifierDropout,
        double layerNormEps,
        double initializerRange) {

    public BertConfig {
        positive("vocab_size", vocabSize);
        positive("hidden_size", hiddenSize);
        positive("num_hidden_layers", numHiddenLayers);
        positive("num_attention_heads", numAttentionHeads);
        positive("intermediate_size", intermediateSize);
        positive("max_position_embeddings", maxPositionEmbeddings);
        positive("type_vocab_size", typeVocabSize);
        if (hiddenSize % numAttentionHeads != 0) {
            throw new OrtuneException("config.json: hidden_size " + hiddenSize + " is not a multiple of "
                    + numAttentionHeads + " attention heads");
        }
        switch (hiddenAct) {
            case "gelu", "gelu_new", "gelu_pytorch_tanh", "relu" -> {}
            default ->
                throw new OrtuneException(
                        "config.json: hidden_act \"" + hiddenAct + "\" is not supported; gelu, gelu_new and relu are");
        }
        probability("hidden_dropout_prob", hiddenDropoutProb);
        probability("attention_probs_dropout_prob", attentionProbsDropoutProb);
        probability("classifier_dropout", classifierDropout);
    }

    /** Reads Hugging Face's config.json; absent keys take the defaults of transformers' BertConfig. */
    public static BertConfig fromJson(JsonNode json) {
        String type = json.path("model_type").asText("bert");
        if (!type.equals("bert")) {
            throw new OrtuneException("config.json: model_type \"" + type + "\" is not supported; bert is");
        }
        double hiddenDropout = json.path("hidden_dropout_prob").asDouble(0.1);
        JsonNode classifierDropout = json.path("classifier_dropout");
        return new BertConfig(
                json.path("vocab_size").asInt(30522),
                json.path("hidden_size").asInt(768),
                json.path("num_hidden_layers").asInt(12),
                json.path("num_attention_heads").asInt(12),
                json.path("intermediate_size").asInt(3072),
                json.path("max_position_embeddings").asInt(512),
                json.path("type_vocab_size").asInt(2),
                json.path("hidden_act").asText("gelu"),
                hiddenDropout,
                json.path("attention_probs_dropout_prob").asDouble(0.1),
                classifierDropout.isNumber() ? classifierDropout.asDouble() : hiddenDropout,
                json.path("layer_norm_eps").asDouble(1e-12),
                json.path("initializer_range").asDouble(0.02));
    }

    /** The same architecture with another number of word embeddings. */
    public BertConfig withVocabSize(int rows) {
        return new BertConfig(
                rows,
                hiddenSize,
                numHiddenLayers,
                numAttentionHeads,
                intermediateSize,
                maxPositionEmbeddings,
                typeVocabSize,
                hiddenAct,
                hiddenDropoutProb,
                attentionProbsDropoutProb,
                classifierDropout,
                layerNormEps,
                initializerRange);
    }

    /** Width of one attention head. */
    public int headSize() {
        return hiddenSize / numAttentionHeads;
    }

    private static void positive(String key, int value) {
        if (value <= 0) {
            throw new OrtuneException("config.json: " + key + " must be positive, not " + value);
        }
    }

    private static void probability(String key, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new OrtuneException("config.json: " + key + " must be in [0, 1), not " + value);
        }
    }
}
