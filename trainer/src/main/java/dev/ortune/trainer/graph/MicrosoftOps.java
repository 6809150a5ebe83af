package dev.ortune.trainer.graph;

import java.util.List;
import java.util.Map;

/**
 * The operators of ONNX Runtime's domain {@code com.microsoft} that training graphs use: fused forward operators, the
 * gradients of operators, and the accumulation in place. Their definitions are in ONNX Runtime's
 * {@code training_op_defs.cc} and {@code contrib_defs.cc}.
 */
public final class MicrosoftOps extends Ops {
    /** The domain's name in ONNX files. */
    public static final String DOMAIN = "com.microsoft";

    MicrosoftOps(Graph graph, String scope) {
        super(graph, scope);
    }

    @Override
    protected String domain() {
        return DOMAIN;
    }

    /** {@code alpha op(a) op(b)}, batched, either matrix transposed in its last two dimensions. */
    public Value fusedMatMul(Value a, Value b, boolean transA, boolean transB, float alpha) {
        Map<String, Object> attributes = Map.of("alpha", alpha, "transA", transA ? 1L : 0L, "transB", transB ? 1L : 0L);
        return one("FusedMatMul", attributes, a.type(), product(a.shape(), b.shape(), transA, transB), a, b);
    }

    /** {@code x Phi(x)} with the Gaussian's distribution function. */
    public Value gelu(Value x) {
        return like("Gelu", x);
    }

    public Value geluGrad(Value dy, Value x) {
        return one("GeluGrad", Map.of(), x.type(), x.shape(), dy, x);
    }

    /** The approximation of gelu by tanh that Hugging Face calls gelu_new. */
    public Value fastGelu(Value x) {
        return like("FastGelu", x);
    }

    public Value fastGeluGrad(Value dy, Value x) {
        return one("FastGeluGrad", Map.of(), x.type(), x.shape(), dy, x);
    }

    /** {@code gelu(x + bias)} with a bias for each column, exact or by tanh. */
    public Value biasGelu(Value x, Value bias, boolean exact) {
        return one(exact ? "BiasGelu" : "FastGelu", Map.of(), x.type(), x.shape(), x, bias);
    }

    /** The gradient of {@link #biasGelu} with respect to {@code x}. */
    public Value biasGeluGrad(Value dy, Value x, Value bias, boolean exact) {
        String operator = exact ? "BiasGeluGrad_dX" : "BiasFastGeluGrad_dX";
        return one(operator, Map.of(), x.type(), x.shape(), dy, x, bias);
    }

    /** {@code dropout(x + bias) + residual} with a bias for each column; output 1 of its node is the mask. CUDA only. */
    public Value biasDropout(Value x, Value bias, Value residual, float ratio) {
        List<ElementType> types = List.of(x.type(), ElementType.BOOL);
        Value training = constant(Constant.scalar(true));
        List<Shape> shapes = List.of(x.shape(), x.shape());
        return many("BiasDropout", Map.of(), types, shapes, x, bias, residual, scalar(ratio), training)
                .output(0);
    }

    /**
     * {@code dropout(softmax(x + bias))} over the last axis. The bias has as many dimensions as {@code x} and stands for
     * all rows between its leading dimensions and its last. Outputs 1 and 2 of its node are the mask and the softmax.
     * CUDA only.
     */
    public Value biasSoftmaxDropout(Value x, Value bias, float ratio) {
        Map<String, Object> attributes = Map.of("axis", x.shape().rank() - 1L, "is_inner_broadcast", 1L);
        List<ElementType> types = List.of(x.type(), ElementType.BOOL, x.type());
        List<Shape> shapes = List.of(x.shape(), x.shape(), x.shape());
        return many("BiasSoftmaxDropout", attributes, types, shapes, x, bias, scalar(ratio))
                .output(0);
    }

    /** The gradient of {@link #biasSoftmaxDropout} with respect to {@code x}, from its mask and softmax. */
    public Value softmaxDropoutGrad(Value dy, Value mask, Value softmax, Value ratio) {
        Map<String, Object> attributes = Map.of("axis", dy.shape().rank() - 1L);
        return one("SoftmaxDropoutGrad", attributes, dy.type(), dy.shape(), dy, mask, softmax, ratio);
    }

    /** The norm of all elements of several tensors, a float scalar. Only an output of the graph can be made of it. */
    public Value reduceAllL2(Value... tensors) {
        return one("ReduceAllL2", Map.of(), ElementType.FLOAT, Shape.of(), tensors);
    }

    public Value reluGrad(Value dy, Value y) {
        return one("ReluGrad", Map.of(), y.type(), y.shape(), dy, y);
    }

    public Value tanhGrad(Value dy, Value y) {
        return one("TanhGrad", Map.of(), y.type(), y.shape(), dy, y);
    }

    public Value softmaxGrad(Value dy, Value y) {
        return one("SoftmaxGrad_13", Map.of("axis", -1L), y.type(), y.shape(), dy, y);
    }

    public Value logSoftmaxGrad(Value dy, Value y) {
        return one("LogSoftmaxGrad_13", Map.of("axis", -1L), y.type(), y.shape(), dy, y);
    }

    public Value dropoutGrad(Value dy, Value mask, Value ratio, Value training) {
        return one("DropoutGrad", Map.of(), dy.type(), dy.shape(), dy, mask, ratio, training);
    }

    /** Outputs: the gradients of x, scale and bias. */
    public Node layerNormalizationGrad(Value dy, Value x, Value scale, Value mean, Value invStdDev) {
        return many(
                "LayerNormalizationGrad",
                Map.of("axis", -1L),
                List.of(x.type(), scale.type(), scale.type()),
                List.of(x.shape(), scale.shape(), scale.shape()),
                dy,
                x,
                scale,
                mean,
                invStdDev);
    }

    /** Outputs: the gradients of x and scale. */
    public Node simplifiedLayerNormalizationGrad(Value dy, Value x, Value scale, Value invRoot) {
        return many(
                "SimplifiedLayerNormalizationGrad",
                Map.of("axis", -1L),
                List.of(x.type(), scale.type()),
                List.of(x.shape(), scale.shape()),
                dy,
                x,
                scale,
                invRoot);
    }

    /** Adds the rows of {@code dy} into zeros of the data's shape. */
    public Value gatherGrad(Value dataShape, Shape shape, Value indices, Value dy, int axis) {
        return one("GatherGrad", Map.of("axis", (long) axis), dy.type(), shape, dataShape, indices, dy);
    }

    /** Puts {@code dy} into zeros of the data's shape where a GatherElements took its result from. */
    public Value gatherElementsGrad(Value dy, Value dataShape, Shape shape, Value indices, long axis) {
        return one("GatherElementsGrad", Map.of("axis", axis), dy.type(), shape, dy, dataShape, indices);
    }

    /**
     * Turns each head's two halves as two coordinates.
     *
     * @param x {@code [batch, sequence, heads * head size]}
     * @param places rows of the tables: int64 {@code [batch, sequence]}
     * @param cosine of the angles: {@code [rows, head size / 2]}
     * @param sine of the angles
     */
    public Value rotaryEmbedding(Value x, Value places, Value cosine, Value sine) {
        return one("RotaryEmbedding", Map.of(), x.type(), x.shape(), x, places, cosine, sine);
    }

    /** Puts {@code dy} into zeros where a Slice took its result from. */
    public Value sliceGrad(Value dy, Value dataShape, Shape shape, Value starts, Value ends, Value axes) {
        return one("SliceGrad", Map.of(), dy.type(), shape, dy, dataShape, starts, ends, axes);
    }

    /**
     * Adds into the buffer's own memory, or overwrites it when {@code overwrite} is true. Outputs: a flag, bool [1], and
     * the buffer again for those who read it afterwards.
     */
    public Node inPlaceAccumulator(Value buffer, Value addend, Value overwrite) {
        return many(
                "InPlaceAccumulatorV2",
                Map.of(),
                List.of(ElementType.BOOL, buffer.type()),
                List.of(Shape.of(1), buffer.shape()),
                buffer,
                addend,
                overwrite);
    }
}
