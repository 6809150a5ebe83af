package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.gradient.Differentiator;
import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Node;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.form.KernelForm;
import dev.ortune.trainer.model.form.PackedForm;
import dev.ortune.trainer.model.form.SessionWeight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The graphs of {@code training_model.onnx} and {@code eval_model.onnx}. For {@link Target#CPU} both take {@code
 * input_ids}, {@code attention_mask} and, where the family has them, {@code token_type_ids} (int64 {@code [batch,
 * sequence]}, padding at the end of rows) and the parameters; for {@link Target#CUDA} what {@code TokenInputs} and {@code
 * ParameterStack} describe. Both take what the head wants to be told ({@code labels}) and give {@code loss} (a scalar); the
 * second one also what the head tells when it is evaluated ({@code logits}).
 */
public final class TrainingGraph {
    /** The training graph's input for weight decay, float {@code [1]}. */
    public static final String DECAY_INPUT = "decay";

    /**
     * The training graph's input that multiplies all gradients, a float scalar: 1/n for n batches a step, times the scale
     * of the loss where {@link Precision#scalesLoss}.
     */
    public static final String LOSS_SCALE_INPUT = "loss_scale";

    /** The training graph's input to which the gradients' norm is clipped, a float scalar. */
    public static final String MAX_GRAD_NORM_INPUT = "max_grad_norm";

    /**
     * The training graph's input that undoes the scale of the loss, a float scalar: 1 over it for the last batch of a step,
     * 1 for others. Only where {@link Precision#scalesLoss}.
     */
    public static final String UNSCALE_INPUT = "unscale";

    /**
     * The training graph's output with the norm of all gradients before clipping and before their unscaling, a float
     * scalar; where the norm is no number, the step's gradients are none either.
     */
    public static final String GRAD_NORM_OUTPUT = "grad_norm";

    private final Graph graph;
    private final Ops ops;
    private final ArtifactOptions options;
    private final Model model;

    private TrainingGraph(String name, Network network, ArtifactOptions options, boolean training) {
        this.graph = new Graph(name);
        this.ops = new Ops(graph);
        this.options = options;
        this.model = options.target() == Target.CPU ? cpuModel(network, training) : gpuModel(network, training);
        graph.output(model.loss(), "loss");
        model.evaluated().forEach((output, value) -> graph.output(value, output));
    }

    /**
     * A forward pass with its weights.
     *
     * @param evaluated what it gives beside the loss, by name: nothing where it is trained
     * @param weights those of them that are trained
     * @param gradient a weight's from those of what the network reads of it
     */
    private record Model(
            Value loss,
            Map<String, Value> evaluated,
            List<SessionWeight> weights,
            Function<List<Value>, Value> gradient) {
        Model {
            weights = weights.stream().filter(SessionWeight::trained).toList();
        }

        /** What the loss is differentiated by. */
        List<Value> read() {
            return weights.stream().flatMap(weight -> weight.read().stream()).toList();
        }
    }

    private Model cpuModel(Network network, boolean training) {
        PackedForm form = new PackedForm(
                graph, network.architecture().geometry(), network.rows(), training, network.adaptation());
        Map<String, Value> outputs = network.outputs(form);
        Value loss = network.head().loss(form, outputs);
        Map<String, Value> evaluated = training ? Map.of() : network.head().evaluated(form, outputs);
        return new Model(loss, evaluated, form.weights(), ofParts -> ofParts.get(0));
    }

    private Model gpuModel(Network network, boolean training) {
        KernelForm form = new KernelForm(
                graph,
                network.architecture().geometry(),
                network.sessionParameters(),
                network.adaptation(),
                options.gpuGraph(),
                network.rows(),
                training);
        Map<String, Value> outputs = network.outputs(form);
        Value loss = network.head().loss(form, outputs);
        Map<String, Value> evaluated = training ? Map.of() : network.head().evaluated(form, outputs);
        return new Model(loss, evaluated, form.weights().all(), form.weights()::gradient);
    }

    /** Forward pass without dropout. */
    public static Graph eval(Network network, ArtifactOptions options) {
        return new TrainingGraph("eval", network, options, false).graph;
    }

    /**
     * Forward and backward pass. Gradients are added to (or, after a lazy reset, written over) the buffers that ONNX
     * Runtime Training keeps; then one of the optimizer's two parameter groups is multiplied by 1 plus the input {@code
     * decay}: {@link Optimizer#preScale} for the last batch of a step, 0 for others.
     */
    public static Graph training(Network network, ArtifactOptions options) {
        TrainingGraph training = new TrainingGraph("training", network, options, true);
        training.backward();
        return training.graph;
    }

    private void backward() {
        Value scale = graph.input(LOSS_SCALE_INPUT, ElementType.FLOAT, Shape.of());
        Map<Value, Value> ofRead = Differentiator.differentiate(
                model.loss(), scale, model.read(), options.target().gradientRules());
        Map<Value, Value> gradients = new LinkedHashMap<>();
        for (SessionWeight weight : model.weights()) {
            List<Value> parts = weight.read().stream().map(ofRead::get).toList();
            gradients.put(weight.input(), model.gradient().apply(parts));
        }
        Map<Value, Node> accumulated = accumulate(gradients);
        Value norm = norm(accumulated, ops.in("clip"));
        graph.output(norm, GRAD_NORM_OUTPUT);
        Map<Value, Value> flags = new LinkedHashMap<>();
        if (options.clipsInTrainingGraph()) {
            flags.putAll(clip(accumulated, norm));
        } else {
            accumulated.forEach((parameter, node) -> flags.put(parameter, node.output(0)));
        }
        flags.forEach((parameter, flag) -> graph.output(flag, parameter.name() + "_grad.accumulation.out"));
        scaleParameters(List.copyOf(flags.values()), isFinite(norm, ops.in("decay")));
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
     * norm over all of them.
     */
    private Map<Value, Value> clip(Map<Value, Node> accumulated, Value norm) {
        Ops scoped = ops.in("clip");
        Value max = graph.input(MAX_GRAD_NORM_INPUT, ElementType.FLOAT, Shape.of());
        Value coefficient = coefficient(norm, max, scoped);
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

    /** On the CPU in a fixed order, so that the same seed gives the same bits; on CUDA in one pass over all. */
    private Value norm(Map<Value, Node> accumulated, Ops scoped) {
        Stream<Value> sums = accumulated.values().stream().map(node -> node.output(1));
        return options.target() == Target.CPU
                ? scoped.sqrt(scoped.sum(sums.map(scoped::reduceSumSquare).toArray(Value[]::new)))
                : scoped.microsoft().reduceAllL2(sums.toArray(Value[]::new));
    }

    private Value coefficient(Value norm, Value max, Ops scoped) {
        Value one = scoped.scalar(1f);
        Value unscale = null;
        Value unscaled = norm;
        if (options.precision().scalesLoss()) {
            unscale = graph.input(UNSCALE_INPUT, ElementType.FLOAT, Shape.of());
            unscaled = scoped.mul(norm, unscale);
        }
        Value ratio = scoped.div(max, scoped.add(unscaled, scoped.scalar(1e-6f)));
        Value coefficient = scoped.min(one, ratio);
        return unscale == null ? coefficient : scoped.mul(coefficient, unscale);
    }

    /** 1 where the norm is a number, else 0: infinity minus infinity is none. */
    private static Value isFinite(Value norm, Ops scoped) {
        return scoped.cast(scoped.equal(scoped.sub(norm, norm), scoped.scalar(0f)), ElementType.FLOAT);
    }

    /**
     * Reads of the weights must come before this write: the factor waits for every gradient. Where the gradients turn out
     * to be no numbers the weights stay as they are, since there will be no update.
     *
     * @param finite 1 or 0
     */
    private void scaleParameters(List<Value> flags, Value finite) {
        Ops scoped = ops.in("decay");
        Value decay = graph.input(DECAY_INPUT, ElementType.FLOAT, Shape.of(1));
        Value all = scoped.concat(0, new Shape.Dim(null, flags.size()), flags.toArray(Value[]::new));
        Value done = scoped.reduceMin(scoped.cast(all, ElementType.FLOAT));
        Value factor = scoped.mul(scoped.mul(decay, done), finite);
        for (SessionWeight weight : model.weights()) {
            Value share = options.optimizer().preScaleShare(weight, scoped);
            if (share != null) {
                Value change = scoped.mul(weight.input(), scoped.mul(share, factor));
                scoped.microsoft().inPlaceAccumulator(weight.input(), change, flag(scoped, false));
            }
        }
    }

    private static Value flag(Ops ops, boolean value) {
        return ops.constant(new Constant(ElementType.BOOL, new long[] {1}, new boolean[] {value}));
    }
}
