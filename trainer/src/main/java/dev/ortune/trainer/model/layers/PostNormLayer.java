package dev.ortune.trainer.model.layers;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig;
import dev.ortune.trainer.model.form.Attention;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Projections;
import dev.ortune.trainer.model.form.Scores;

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
     * @param scores of its attention
     * @param last whether heads read its result, so that only the rows that they want need be there
     */
    public Value of(Form form, EncoderConfig config, Value hidden, Scores scores, boolean last) {
        double dropout = config.dropout().hidden();
        return feedForward(form, config, attended(form, config, hidden, scores, last), dropout);
    }

    /** The first half: attention, the sum with what went into it, and the norm. */
    public Value attended(Form form, EncoderConfig config, Value hidden, Scores scores, boolean last) {
        EncoderConfig.Size size = config.size();
        EncoderConfig.Dropout dropout = config.dropout();
        Value residual = last ? form.wanted(hidden) : hidden;
        Projections projections = Projections.of(query, key, value);
        Attention attention = new Attention(projections, size.heads(), size.head(), dropout.attention(), scores);
        Value context = form.attention(attention, residual, hidden);
        return form.layerNorm(
                outputNorm, form.residual(output, context, dropout.hidden(), residual), config.layerNormEps());
    }

    /**
     * The second half: two linear layers, the sum with what went into them, and the norm.
     *
     * @param dropout behind the second of them
     */
    public Value feedForward(Form form, EncoderConfig config, Value attended, double dropout) {
        Value activated = form.linear(inner, attended, config.size().intermediate(), config.activation());
        return form.layerNorm(outerNorm, form.residual(outer, activated, dropout, attended), config.layerNormEps());
    }
}
