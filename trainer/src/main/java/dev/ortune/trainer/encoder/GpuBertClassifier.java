package dev.ortune.trainer.encoder;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.encoder.TokenInputs.Picked;
import dev.ortune.trainer.encoder.TokenInputs.Transposed;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import java.util.List;

/**
 * The function of {@link BertClassifier} for a GPU, where the number of kernels is what counts: one projection for query,
 * key and value; bias, dropout and residual in one; mask, softmax and dropout in one. The layers compute in {@link
 * GpuGraph#type}; embeddings, head and loss are in float32, as are the sums inside LayerNorm and softmax.
 */
public final class GpuBertClassifier {
    private final BertConfig config;
    private final GpuGraph style;
    private final StackedParameters parameters;
    private final TokenInputs inputs;
    private final boolean training;
    private final String prefix;
    private final Ops ops;

    private GpuBertClassifier(
            BertConfig config,
            GpuGraph style,
            StackedParameters parameters,
            TokenInputs inputs,
            boolean training,
            String prefix,
            Ops ops) {
        this.config = config;
        this.style = style;
        this.parameters = parameters;
        this.inputs = inputs;
        this.training = training;
        this.prefix = prefix;
        this.ops = ops;
    }

    /**
     * A forward pass.
     *
     * @param logits float32, {@code [batch, labels]}
     * @param parameters the weights that it declared
     */
    public record Forward(Value logits, StackedParameters parameters) {}

    /**
     * Adds inputs, weights and the forward pass to a graph.
     *
     * @param labels number of labels
     * @param training whether dropout is on
     */
    public static Forward forward(BertConfig config, int labels, GpuGraph style, Graph graph, boolean training) {
        Ops ops = new Ops(graph);
        TokenInputs inputs = TokenInputs.of(graph, config, style.layout()).as(style.type(), ops.in("inputs"));
        StackedParameters parameters = new StackedParameters(config, labels, style, graph);
        GpuBertClassifier model = new GpuBertClassifier(config, style, parameters, inputs, training, "", ops);
        Value hidden = model.in("bert").encode();
        Value pooled = model.in("bert").in("pooler").pool(hidden);
        return new Forward(model.in("classifier").classify(pooled), parameters);
    }

    private GpuBertClassifier in(String module) {
        return new GpuBertClassifier(
                config, style, parameters, inputs, training, prefix + module + ".", ops.in(module));
    }

    private Value weight(String name) {
        return parameters.get(prefix + name);
    }

    /** The last layer's first tokens: {@code [batch, hidden]}. */
    private Value encode() {
        Value hidden = in("embeddings").embed();
        int last = config.numHiddenLayers() - 1;
        for (int layer = 0; layer <= last; layer++) {
            hidden = in("encoder").in("layer." + layer).layer(hidden, layer == last);
        }
        return ops.as(hidden, ElementType.FLOAT);
    }

    /** Sum of word, position and token type embeddings: {@code [tokens, hidden]}. */
    private Value embed() {
        Value words = ops.gather(weight("word_embeddings.weight"), inputs.inputIds(), 0);
        Value types = ops.gather(weight("token_type_embeddings.weight"), inputs.tokenTypeIds(), 0);
        Value positions = ops.gather(weight("position_embeddings.weight"), inputs.positionIds(), 0);
        Value sum = ops.as(ops.add(ops.add(words, types), positions), style.type());
        return dropout(layerNorm(sum), config.hiddenDropoutProb());
    }

    /** Post-norm transformer layer; of the last one only first tokens are wanted beyond attention. */
    private Value layer(Value hidden, boolean last) {
        Value context = in("attention").in("self").attend(hidden);
        Value attended =
                in("attention").in("output").output(last ? first(context) : context, last ? first(hidden) : hidden);
        Value inner = in("intermediate").intermediate(attended);
        return in("output").output(inner, attended);
    }

    private Value first(Value rows) {
        return ops.gatherRows(rows, inputs.first(), inputs.firstInverse());
    }

    /** Scaled dot-product attention over {@code [1, batch, heads, sequence, head size]}. */
    private Value attend(Value hidden) {
        // The stacks' first members stand for query, key and value together.
        Value projected = ops.gemm(hidden, weight("query.weight"), weight("query.bias"), false, true);
        List<Value> qkv = ops.split(heads(projected), 3).outputs();
        float scale = (float) (1 / Math.sqrt(config.headSize()));
        Value scores = ops.microsoft().fusedMatMul(qkv.get(0), qkv.get(1), false, true, scale);
        return tokens(ops.matMul(probabilities(scores), qkv.get(2)));
    }

    private Value probabilities(Value scores) {
        double ratio = config.attentionProbsDropoutProb();
        if (training && ratio > 0 && style.fusesSoftmax()) {
            return ops.microsoft().biasSoftmaxDropout(scores, inputs.keyBias(), (float) ratio);
        }
        return dropout(ops.softmax(ops.add(scores, inputs.keyBias())), ratio);
    }

    /** {@code [tokens, 3 hidden]} to {@code [3, batch, heads, sequence, head size]}. */
    private Value heads(Value x) {
        int heads = config.numAttentionHeads();
        if (inputs.heads() instanceof Picked picked) {
            Value rows = ops.reshape(x, Shape.of("token_heads_3", config.headSize()));
            return ops.gatherRows(rows, picked.toHeads(), new RowInverse(picked.fromAll(), null));
        }
        Value sizes = ((Transposed) inputs.heads()).sizes();
        Shape shape = Shape.of(Packing.BATCH, Packing.SEQUENCE, 3, heads, config.headSize());
        return ops.transpose(ops.reshape(x, sizes, shape), 2, 0, 3, 1, 4);
    }

    /** {@code [1, batch, heads, sequence, head size]} to {@code [tokens, hidden]}. */
    private Value tokens(Value x) {
        Shape shape = Shape.of(Packing.TOKENS, config.hiddenSize());
        if (inputs.heads() instanceof Picked picked) {
            Value rows = ops.reshape(x, Shape.of("slot_heads", config.headSize()));
            RowInverse back = new RowInverse(picked.toHeadsOfOne(), picked.queryMask());
            Value packed = ops.gatherRows(rows, picked.fromHeads(), back);
            return ops.reshape(packed, shape);
        }
        return ops.reshape(ops.transpose(x, 1, 3, 0, 2, 4), shape);
    }

    private Value intermediate(Value x) {
        Value inner = project(x, "dense.weight");
        Value bias = weight("dense.bias");
        return switch (config.hiddenAct()) {
            case "gelu" -> ops.microsoft().biasGelu(inner, bias, true);
            case "relu" -> relu(ops.add(inner, bias));
            default -> ops.microsoft().biasGelu(inner, bias, false);
        };
    }

    private Value relu(Value x) {
        if (x.type() == ElementType.BFLOAT16) {
            throw new OrtuneException("ONNX Runtime has no gradient of relu in bf16; train this model in fp16 or tf32");
        }
        return ops.relu(x);
    }

    /** Projection, dropout, residual, LayerNorm. */
    private Value output(Value x, Value residual) {
        Value projected = project(x, "dense.weight");
        Value bias = weight("dense.bias");
        float ratio = (float) config.hiddenDropoutProb();
        return layerNorm(
                training && ratio > 0 && style.fusedKernels()
                        ? ops.microsoft().biasDropout(projected, bias, residual, ratio)
                        : ops.add(dropout(ops.add(projected, bias), ratio), residual));
    }

    private Value project(Value x, String name) {
        return ops.microsoft().fusedMatMul(x, weight(name), false, true, 1);
    }

    private Value pool(Value first) {
        return ops.tanh(ops.gemm(first, weight("dense.weight"), weight("dense.bias"), false, true));
    }

    private Value classify(Value pooled) {
        Value kept = dropout(pooled, config.classifierDropout());
        return ops.gemm(kept, weight("weight"), weight("bias"), false, true);
    }

    private Value layerNorm(Value x) {
        return ops.in("LayerNorm").layerNormalization(x, weight("LayerNorm.weight"), weight("LayerNorm.bias"), (float)
                config.layerNormEps());
    }

    private Value dropout(Value x, double ratio) {
        return training && ratio > 0 ? ops.dropout(x, (float) ratio) : x;
    }
}
