package dev.ortune.trainer.encoder;

import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;

/**
 * BERT with a classification head (Devlin et al. 2019, arXiv:1810.04805; Hugging Face's
 * {@code BertForSequenceClassification}) as ONNX Runtime trains it: the same numbers from less work. Padding is left out
 * of everything but attention ({@link Packing}), and since the head reads [CLS] alone, the last layer computes its
 * query, output and feed-forward block for that token only.
 */
public final class BertClassifier {
    private final BertConfig config;
    private final Parameters parameters;
    private final Ops ops;
    private final boolean training;
    private final Packing packing;

    private BertClassifier(BertConfig config, Parameters parameters, Ops ops, boolean training, Packing packing) {
        this.config = config;
        this.parameters = parameters;
        this.ops = ops;
        this.training = training;
        this.packing = packing;
    }

    /**
     * Adds the forward pass.
     *
     * @param inputs the batch; padding only at the end of sequences
     * @param labels number of labels
     * @param training whether dropout is on
     * @return logits {@code [batch, labels]}
     */
    public static Value logits(
            BertConfig config, int labels, ModelInputs inputs, Parameters parameters, Ops ops, boolean training) {
        Packing packing = Packing.of(inputs.attentionMask(), config.numAttentionHeads(), ops.in("packing"));
        BertClassifier model = new BertClassifier(config, parameters, ops, training, packing);
        Value hidden = model.in("bert").encode(inputs);
        Value pooled = model.in("bert").in("pooler").pool(hidden);
        return model.in("classifier").classify(pooled, labels);
    }

    private BertClassifier in(String module) {
        return new BertClassifier(config, parameters.in(module), ops.in(module), training, packing);
    }

    private Value encode(ModelInputs inputs) {
        Value hidden = in("embeddings").embed(inputs);
        int last = config.numHiddenLayers() - 1;
        for (int layer = 0; layer <= last; layer++) {
            hidden = in("encoder").in("layer." + layer).layer(hidden, layer == last);
        }
        return hidden;
    }

    /** Sum of word, position and token type embeddings: {@code [tokens, hidden]}. */
    private Value embed(ModelInputs inputs) {
        Value words = lookup("word_embeddings", config.vocabSize(), packed(inputs.inputIds()));
        Value types = lookup("token_type_embeddings", config.typeVocabSize(), packed(inputs.tokenTypeIds()));
        Value positions = lookup("position_embeddings", config.maxPositionEmbeddings(), packing.positions());
        Value sum = ops.add(ops.add(words, types), positions);
        return dropout(layerNorm(sum), config.hiddenDropoutProb());
    }

    private Value lookup(String table, int rows, Value ids) {
        Value weight = parameters.in(table).get("weight", rows, config.hiddenSize());
        return ops.in(table).gather(weight, ids, 0);
    }

    private Value packed(Value padded) {
        return ops.gather(ops.reshape(padded, Shape.of("slots")), packing.slots(), 0);
    }

    /** Post-norm transformer layer; of the last one only [CLS] is wanted: {@code [batch, hidden]}. */
    private Value layer(Value hidden, boolean last) {
        Value residual = last ? ops.gatherRows(hidden, packing.first(), packing.firstInverse()) : hidden;
        Value context = in("attention").in("self").attend(residual, hidden, last);
        Value attended = in("attention").in("output").output(context, residual);
        Value inner = in("intermediate").intermediate(attended);
        return in("output").output(inner, attended);
    }

    /** Scaled dot-product attention, head by head in the padded form. */
    private Value attend(Value queries, Value hidden, boolean last) {
        Value query = last ? firstTokenHeads(linear("query", queries)) : heads(linear("query", queries));
        Value key = heads(linear("key", hidden));
        Value value = heads(linear("value", hidden));
        float scale = (float) (1 / Math.sqrt(config.headSize()));
        Value scores = ops.microsoft().fusedMatMul(query, key, false, true, scale);
        Value probabilities = ops.softmax(ops.add(scores, packing.keyBias()));
        Value context = ops.matMul(dropout(probabilities, config.attentionProbsDropoutProb()), value);
        return last ? ops.reshape(context, Shape.of(Packing.BATCH, config.hiddenSize())) : tokens(context);
    }

    /** {@code [tokens, hidden]} to {@code [batch, heads, sequence, head size]}. */
    private Value heads(Value x) {
        Value rows = ops.reshape(x, Shape.of(Packing.TOKEN_HEADS, config.headSize()));
        return ops.gatherRows(rows, packing.toHeads(), new RowInverse(packing.fromHeads(), null));
    }

    /** {@code [batch, hidden]} to {@code [batch, heads, 1, head size]}. */
    private Value firstTokenHeads(Value x) {
        return ops.reshape(x, Shape.of(Packing.BATCH, config.numAttentionHeads(), 1, config.headSize()));
    }

    /** {@code [batch, heads, sequence, head size]} to {@code [tokens, hidden]}. */
    private Value tokens(Value x) {
        Value rows = ops.reshape(x, Shape.of("slot_heads", config.headSize()));
        RowInverse back = new RowInverse(packing.toHeads(), packing.queryMask());
        Value packed = ops.gatherRows(rows, packing.fromHeads(), back);
        return ops.reshape(packed, Shape.of(Packing.TOKENS, config.hiddenSize()));
    }

    private Value intermediate(Value x) {
        Value inner = linear("dense", x, config.intermediateSize());
        return switch (config.hiddenAct()) {
            case "gelu" -> ops.microsoft().gelu(inner);
            case "relu" -> ops.relu(inner);
            default -> ops.microsoft().fastGelu(inner);
        };
    }

    /** Projection, dropout, residual, LayerNorm. */
    private Value output(Value x, Value residual) {
        Value projected = dropout(linear("dense", x), config.hiddenDropoutProb());
        return layerNorm(ops.add(projected, residual));
    }

    private Value pool(Value first) {
        return ops.tanh(linear("dense", first));
    }

    private Value classify(Value pooled, int labels) {
        Value weight = parameters.get("weight", labels, config.hiddenSize());
        Value bias = parameters.get("bias", labels);
        return ops.gemm(dropout(pooled, config.classifierDropout()), weight, bias, false, true);
    }

    private Value linear(String name, Value x) {
        return linear(name, x, config.hiddenSize());
    }

    /** {@code x W' + b} with Hugging Face's {@code W} of {@code [out, in]}. */
    private Value linear(String name, Value x, long out) {
        Dim in = x.shape().dim(-1);
        Value weight = parameters.in(name).get("weight", out, in.size());
        Value bias = parameters.in(name).get("bias", out);
        return ops.in(name).gemm(x, weight, bias, false, true);
    }

    private Value layerNorm(Value x) {
        Value scale = parameters.in("LayerNorm").get("weight", config.hiddenSize());
        Value bias = parameters.in("LayerNorm").get("bias", config.hiddenSize());
        return ops.in("LayerNorm").layerNormalization(x, scale, bias, (float) config.layerNormEps());
    }

    private Value dropout(Value x, double ratio) {
        return training && ratio > 0 ? ops.dropout(x, (float) ratio) : x;
    }
}
