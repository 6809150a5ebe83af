package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.encoder.BertClassifier;
import dev.ortune.trainer.encoder.BertConfig;
import dev.ortune.trainer.encoder.CrossEntropy;
import dev.ortune.trainer.encoder.ModelInputs;
import dev.ortune.trainer.encoder.Parameters;
import dev.ortune.trainer.gradient.Differentiator;
import dev.ortune.trainer.gradient.GradientRules;
import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Node;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The graphs of {@code training_model.onnx} and {@code eval_model.onnx}. Both take {@code input_ids},
 * {@code attention_mask}, {@code token_type_ids} (int64 {@code [batch, sequence]}, padding at the end of rows), {@code
 * labels} (int64 {@code [batch]}) and the parameters, and give {@code loss} (a scalar) and {@code logits} ({@code [batch,
 * labels]}).
 */
public final class TrainingGraph {
    /** The training graph's input for weight decay, float {@code [1]}. */
    public static final String DECAY_INPUT = "decay";

    /** The training graph's input that multiplies all gradients, a float scalar: 1/n for n batches a step. */
    public static final String LOSS_SCALE_INPUT = "loss_scale";

    /** The training graph's input to which the gradients' norm is clipped, a float scalar: only for {@link Target#CPU}. */
    public static final String MAX_GRAD_NORM_INPUT = "max_grad_norm";

    /** The training graph's output with the norm of all gradients before clipping, a float scalar, likewise. */
    public static final String GRAD_NORM_OUTPUT = "grad_norm";

    private final Graph graph;
    private final Ops ops;
    private final Parameters parameters;
    private final Value loss;

    private TrainingGraph(String name, BertConfig config, int labels, CrossEntropy crossEntropy, boolean training) {
        graph = new Graph(name);
        ops = new Ops(graph);
        parameters = new Parameters(graph);
        ModelInputs inputs = ModelInputs.of(graph);
        Value label = graph.input("labels", ElementType.INT64, Shape.of("batch"));
        Value logits = BertClassifier.logits(config, labels, inputs, parameters, ops, training);
        loss = crossEntropy.of(logits, label, ops.in("loss"));
        graph.output(loss, "loss");
        graph.output(logits, "logits");
    }

    /** Forward pass without dropout. */
    public static Graph eval(BertConfig config, int labels, CrossEntropy loss) {
        return new TrainingGraph("eval", config, labels, loss, false).graph;
    }

    /**
     * Forward and backward pass. Gradients are added to (or, after a lazy reset, written over) the buffers that ONNX
     * Runtime Training keeps; then one of the optimizer's two parameter groups is multiplied by 1 plus the input {@code
     * decay}: {@link Optimizer#preScale} for the last batch of a step, 0 for others.
     */
    public static Graph training(BertConfig config, int labels, ArtifactOptions options) {
        TrainingGraph training = new TrainingGraph("training", config, labels, options.loss(), true);
        training.backward(options);
        return training.graph;
    }

    private void backward(ArtifactOptions options) {
        Value scale = graph.input(LOSS_SCALE_INPUT, ElementType.FLOAT, Shape.of());
        Map<Value, Value> gradients = Differentiator.differentiate(
                loss,
                scale,
                parameters.all(),
                GradientRules.table(options.target().scatterAdd()));
        Map<Value, Node> accumulated = accumulate(gradients);
        Map<Value, Value> flags = new LinkedHashMap<>();
        if (options.target().clipsInTrainingGraph() && options.optimizer().maxGradNorm() > 0) {
            flags.putAll(clip(accumulated));
        } else {
            accumulated.forEach((parameter, node) -> flags.put(parameter, node.output(0)));
        }
        flags.forEach((parameter, flag) -> graph.output(flag, parameter.name() + "_grad.accumulation.out"));
        scaleParameters(List.copyOf(flags.values()), options.optimizer());
    }

    private Map<Value, Node> accumulate(Map<Value, Value> gradients) {
        Value reset = graph.input("lazy_reset_grad", ElementType.BOOL, Shape.of(1));
        Map<Value, Node> result = new LinkedHashMap<>();
        gradients.forEach((parameter, gradient) -> {
            String name = parameter.name() + "_grad.accumulation.buffer";
            Value buffer = graph.input(name, ElementType.FLOAT, parameter.shape());
            result.put(parameter, ops.in("accumulate").microsoft().inPlaceAccumulator(buffer, gradient, reset));
        });
        return result;
    }

    /**
     * Scales all gradients by {@code min(1, max / (norm + 1e-6))}, as PyTorch's {@code clip_grad_norm_} does, with the
     * norm over all of them, which also is an output.
     */
    private Map<Value, Value> clip(Map<Value, Node> accumulated) {
        Ops scoped = ops.in("clip");
        Value max = graph.input(MAX_GRAD_NORM_INPUT, ElementType.FLOAT, Shape.of());
        Value[] squares = accumulated.values().stream()
                .map(node -> scoped.reduceSumSquare(node.output(1)))
                .toArray(Value[]::new);
        Value norm = scoped.sqrt(scoped.sum(squares));
        graph.output(norm, GRAD_NORM_OUTPUT);
        Value coefficient = scoped.min(scoped.scalar(1f), scoped.div(max, scoped.add(norm, scoped.scalar(1e-6f))));
        Value overwrite = flag(scoped, true);
        Map<Value, Value> flags = new LinkedHashMap<>();
        accumulated.forEach((parameter, node) -> {
            Value clipped = scoped.mul(node.output(1), coefficient);
            flags.put(
                    parameter,
                    scoped.microsoft()
                            .inPlaceAccumulator(node.output(1), clipped, overwrite)
                            .output(0));
        });
        return flags;
    }

    /** Reads of the weights must come before this write: the factor waits for every gradient. */
    private void scaleParameters(List<Value> flags, Optimizer optimizer) {
        Ops scoped = ops.in("decay");
        Value decay = graph.input(DECAY_INPUT, ElementType.FLOAT, Shape.of(1));
        Value all = scoped.concat(0, new Shape.Dim(null, flags.size()), flags.toArray(Value[]::new));
        Value done = scoped.reduceMin(scoped.cast(all, ElementType.FLOAT));
        Value factor = scoped.mul(decay, done);
        for (Value parameter : parameters.all()) {
            if (optimizer.preScales(parameter.name())) {
                scoped.microsoft().inPlaceAccumulator(parameter, scoped.mul(parameter, factor), flag(scoped, false));
            }
        }
    }

    private static Value flag(Ops ops, boolean value) {
        return ops.constant(new Constant(ElementType.BOOL, new long[] {1}, new boolean[] {value}));
    }
}
