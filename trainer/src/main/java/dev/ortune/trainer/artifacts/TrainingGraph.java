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
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import java.util.ArrayList;
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
        training.accumulateGradients(options);
        return training.graph;
    }

    private void accumulateGradients(ArtifactOptions options) {
        Value scale = graph.input(LOSS_SCALE_INPUT, ElementType.FLOAT, Shape.of());
        Map<Value, Value> gradients =
                Differentiator.differentiate(loss, scale, parameters.all(), GradientRules.table(options.scatterAdd()));
        Value reset = graph.input("lazy_reset_grad", ElementType.BOOL, Shape.of(1));
        List<Value> flags = new ArrayList<>();
        gradients.forEach((parameter, gradient) -> {
            String name = parameter.name() + "_grad.accumulation";
            Value buffer = graph.input(name + ".buffer", ElementType.FLOAT, parameter.shape());
            Value flag = ops.in("accumulate").microsoft().inPlaceAccumulator(buffer, gradient, reset);
            graph.output(flag, name + ".out");
            flags.add(flag);
        });
        scaleParameters(flags, options.optimizer());
    }

    /** Reads of the weights must come before this write: the factor waits for every gradient. */
    private void scaleParameters(List<Value> flags, Optimizer optimizer) {
        Ops scoped = ops.in("decay");
        Value decay = graph.input(DECAY_INPUT, ElementType.FLOAT, Shape.of(1));
        Value all = scoped.concat(0, new Shape.Dim(null, flags.size()), flags.toArray(Value[]::new));
        Value done = scoped.reduceMin(scoped.cast(all, ElementType.FLOAT));
        Value factor = scoped.mul(decay, done);
        Value add = scoped.constant(new Constant(ElementType.BOOL, new long[] {1}, new boolean[] {false}));
        for (Value parameter : parameters.all()) {
            if (optimizer.preScales(parameter.name())) {
                scoped.microsoft().inPlaceAccumulator(parameter, scoped.mul(parameter, factor), add);
            }
        }
    }
}
