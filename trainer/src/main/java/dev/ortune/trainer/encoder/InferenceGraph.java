package dev.ortune.trainer.encoder;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;

/**
 * The graph of {@code graph.onnx}: Hugging Face's {@code BertForSequenceClassification} in standard operators, in the
 * form whose patterns ONNX Runtime and other tools recognise and fuse. Takes {@code input_ids}, {@code attention_mask},
 * {@code token_type_ids} (int64 {@code [batch, sequence]}) and the weights under their names, gives {@code logits} (float
 * {@code [batch, labels]}). It reads like the model's definition; {@link BertClassifier} is the same function with less
 * work.
 */
public final class InferenceGraph {
    private static final Dim BATCH = new Dim("batch", -1);
    private static final Dim SEQUENCE = new Dim("sequence", -1);
    /** Low enough that exp gives 0, and still a number in half precision. */
    private static final float MASKED = -10000f;

    private final BertConfig config;
    private final Parameters parameters;
    private final Ops ops;
    private final Value maskBias;

    private InferenceGraph(BertConfig config, Parameters parameters, Ops ops, Value maskBias) {
        this.config = config;
        this.parameters = parameters;
        this.ops = ops;
        this.maskBias = maskBias;
    }

    /** Builds the graph for that many labels. */
    public static Graph of(BertConfig config, int labels) {
        Graph graph = new Graph("bert");
        Ops ops = new Ops(graph);
        ModelInputs inputs = ModelInputs.of(graph);
        Value mask = ops.in("mask").cast(inputs.attentionMask(), ElementType.FLOAT);
        Value row = ops.in("mask").reshape(mask, Shape.of(BATCH, 1, 1, SEQUENCE));
        Value bias = ops.in("mask").mul(ops.in("mask").sub(ops.scalar(1f), row), ops.scalar(MASKED));
        InferenceGraph model = new InferenceGraph(config, new Parameters(graph), ops, bias);
        Value hidden = model.in("bert").encode(inputs);
        Value pooled = model.in("bert").in("pooler").pool(hidden);
        graph.output(model.linear("classifier", pooled, labels), "logits");
        return graph;
    }

    private InferenceGraph in(String module) {
        return new InferenceGraph(config, parameters.in(module), ops.in(module), maskBias);
    }

    private Value encode(ModelInputs inputs) {
        Value hidden = in("embeddings").embed(inputs);
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            hidden = in("encoder").in("layer." + layer).layer(hidden);
        }
        return hidden;
    }

    private Value embed(ModelInputs inputs) {
        Value length = ops.gather(ops.shape(inputs.inputIds()), ops.vector(1), 0);
        Value table =
                parameters.in("position_embeddings").get("weight", config.maxPositionEmbeddings(), config.hiddenSize());
        Value positions = ops.in("position_embeddings").slice(table, length, Shape.of(SEQUENCE, config.hiddenSize()));
        Value words = lookup("word_embeddings", config.vocabSize(), inputs.inputIds());
        Value types = lookup("token_type_embeddings", config.typeVocabSize(), inputs.tokenTypeIds());
        return layerNorm(ops.add(ops.add(words, types), positions));
    }

    private Value lookup(String table, int rows, Value ids) {
        return ops.in(table).gather(parameters.in(table).get("weight", rows, config.hiddenSize()), ids, 0);
    }

    private Value layer(Value hidden) {
        Value context = in("attention").in("self").attend(hidden);
        Value attended = in("attention").in("output").output(context, hidden);
        Value inner = in("intermediate").intermediate(attended);
        return in("output").output(inner, attended);
    }

    private Value attend(Value hidden) {
        Value query = heads("query", hidden, 0, 2, 1, 3);
        Value key = heads("key", hidden, 0, 2, 3, 1);
        Value value = heads("value", hidden, 0, 2, 1, 3);
        Value scores = ops.div(ops.matMul(query, key), ops.scalar((float) Math.sqrt(config.headSize())));
        Value probabilities = ops.softmax(ops.add(scores, maskBias));
        Value context = ops.transpose(ops.matMul(probabilities, value), 0, 2, 1, 3);
        return ops.reshape(context, Shape.of(BATCH, SEQUENCE, config.hiddenSize()));
    }

    private Value heads(String projection, Value hidden, long... permutation) {
        Value projected = linear(projection, hidden, config.hiddenSize());
        Shape shape = Shape.of(BATCH, SEQUENCE, config.numAttentionHeads(), config.headSize());
        return ops.in(projection).transpose(ops.in(projection).reshape(projected, shape), permutation);
    }

    private Value intermediate(Value x) {
        Value inner = linear("dense", x, config.intermediateSize());
        return switch (config.hiddenAct()) {
            case "gelu" -> gelu(inner);
            case "relu" -> ops.relu(inner);
            default -> geluNew(inner);
        };
    }

    // x (1 + erf(x / sqrt 2)) / 2, Hendrycks and Gimpel 2016 (arXiv:1606.08415)
    private Value gelu(Value x) {
        Value erf = ops.erf(ops.div(x, ops.scalar((float) Math.sqrt(2))));
        return ops.mul(ops.mul(x, ops.add(erf, ops.scalar(1f))), ops.scalar(0.5f));
    }

    // x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2, the same paper
    private Value geluNew(Value x) {
        Value cube = ops.mul(ops.mul(x, x), x);
        Value inner = ops.add(x, ops.mul(cube, ops.scalar(0.044715f)));
        Value tanh = ops.tanh(ops.mul(inner, ops.scalar((float) Math.sqrt(2 / Math.PI))));
        return ops.mul(ops.mul(x, ops.add(tanh, ops.scalar(1f))), ops.scalar(0.5f));
    }

    private Value output(Value x, Value residual) {
        return layerNorm(ops.add(linear("dense", x, config.hiddenSize()), residual));
    }

    private Value pool(Value hidden) {
        Value first = ops.gather(hidden, ops.constant(Constant.scalar(0L)), 1);
        return ops.tanh(linear("dense", first, config.hiddenSize()));
    }

    /** {@code x W' + b}; the transpose is folded once the weights are constants. */
    private Value linear(String name, Value x, long out) {
        Value weight = parameters.in(name).get("weight", out, x.shape().dim(-1).size());
        Value bias = parameters.in(name).get("bias", out);
        Ops scoped = ops.in(name);
        return scoped.add(scoped.matMul(x, scoped.transpose(weight, 1, 0)), bias);
    }

    private Value layerNorm(Value x) {
        Value scale = parameters.in("LayerNorm").get("weight", config.hiddenSize());
        Value bias = parameters.in("LayerNorm").get("bias", config.hiddenSize());
        return ops.in("LayerNorm").layerNormalization(x, scale, bias, (float) config.layerNormEps());
    }
}
