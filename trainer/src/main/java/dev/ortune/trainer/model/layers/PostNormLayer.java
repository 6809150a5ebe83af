package dev.ortune.trainer.model.layers;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Form.Attention;

/**
 * The transformer's layer with a LayerNorm after each sum (Vaswani et al. 2017, arXiv:1706.03762), by the names that a
 * family gives its modules.
 *
 * @param query name of the query's projection
 * @param key of the key's
 * @param value of the value's
 * @param output of what follows attention
 * @param outputNorm of the LayerNorm behind the first sum
 * @param inner of the feed-forward block's first linear layer
 * @param outer of its second
 * @param outerNorm of the LayerNorm behind the second sum
 */
public record PostNormLayer(
        String query,
        String key,
        String value,
        String output,
        String outputNorm,
        String inner,
        String outer,
        String outerNorm) {
    /** BERT's names. */
    public static final PostNormLayer BERT = new PostNormLayer(
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    /**
     * Adds a layer.
     *
     * @param form in the layer's scope
     * @param hidden {@code [.., hidden]}
     * @param last whether heads read its result, so that only the rows that they want need be there
     */
    public Value of(Form form, EncoderConfig config, Value hidden, boolean last) {
        EncoderConfig.Size size = config.size();
        EncoderConfig.Dropout dropout = config.dropout();
        Value residual = last ? form.wanted(hidden) : hidden;
        Attention attention = new Attention(query, key, value, size.heads(), size.head(), dropout.attention());
        Value context = form.attention(attention, residual, hidden);
        Value attended = form.layerNorm(
                outputNorm, form.residual(output, context, dropout.hidden(), residual), config.layerNormEps());
        Value activated = form.linear(inner, attended, size.intermediate(), config.activation());
        return form.layerNorm(
                outerNorm, form.residual(outer, activated, dropout.hidden(), attended), config.layerNormEps());
    }
}
