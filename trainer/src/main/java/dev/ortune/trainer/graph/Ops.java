package dev.ortune.trainer.graph;

import dev.ortune.trainer.graph.Shape.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Adds operators to a {@link Graph}, one method an operator, and infers their results' types and shapes. Nodes are named
 * {@code SCOPE/Operator}; {@link #in} gives the same operators under a longer scope. The operators are ONNX's, opset 17;
 * {@link #microsoft()} has those of ONNX Runtime.
 */
public class Ops {
    private final Graph graph;
    private final String scope;

    public Ops(Graph graph) {
        this(graph, "");
    }

    Ops(Graph graph, String scope) {
        this.graph = graph;
        this.scope = scope;
    }

    /** The same operators, their nodes named under one more level. */
    public Ops in(String name) {
        return new Ops(graph, scope + "/" + name);
    }

    /** The operators of ONNX Runtime's own domain. */
    public MicrosoftOps microsoft() {
        return new MicrosoftOps(graph, scope);
    }

    public Graph graph() {
        return graph;
    }

    protected String scope() {
        return scope;
    }

    public Value constant(Constant constant) {
        return graph.constant(constant);
    }

    public Value scalar(float value) {
        return constant(Constant.scalar(value));
    }

    public Value vector(long... values) {
        return constant(Constant.vector(values));
    }

    public Value add(Value a, Value b) {
        return elementwise("Add", a, b);
    }

    public Value sub(Value a, Value b) {
        return elementwise("Sub", a, b);
    }

    public Value mul(Value a, Value b) {
        return elementwise("Mul", a, b);
    }

    public Value div(Value a, Value b) {
        return elementwise("Div", a, b);
    }

    public Value pow(Value x, Value exponent) {
        return elementwise("Pow", x, exponent);
    }

    public Value mod(Value a, Value b) {
        return elementwise("Mod", a, b);
    }

    public Value equal(Value a, Value b) {
        return one("Equal", Map.of(), ElementType.BOOL, a.shape().broadcast(b.shape()), a, b);
    }

    public Value lessOrEqual(Value a, Value b) {
        return one("LessOrEqual", Map.of(), ElementType.BOOL, a.shape().broadcast(b.shape()), a, b);
    }

    public Value abs(Value x) {
        return like("Abs", x);
    }

    public Value cos(Value x) {
        return like("Cos", x);
    }

    public Value sin(Value x) {
        return like("Sin", x);
    }

    public Value not(Value x) {
        return like("Not", x);
    }

    /** The larger of two, element by element. */
    public Value max(Value a, Value b) {
        return elementwise("Max", a, b);
    }

    public Value neg(Value x) {
        return like("Neg", x);
    }

    public Value erf(Value x) {
        return like("Erf", x);
    }

    public Value tanh(Value x) {
        return like("Tanh", x);
    }

    public Value relu(Value x) {
        return like("Relu", x);
    }

    /** {@code log(1 + exp(x))}, without overflow for any {@code x}. */
    public Value softplus(Value x) {
        return like("Softplus", x);
    }

    public Value sigmoid(Value x) {
        return like("Sigmoid", x);
    }

    public Value identity(Value x) {
        return like("Identity", x);
    }

    public Value cast(Value x, ElementType to) {
        return one("Cast", Map.of("to", (long) to.code()), to, x.shape(), x);
    }

    /** A value in a type: cast if it has another. */
    public Value as(Value x, ElementType type) {
        return x.type() == type ? x : cast(x, type);
    }

    /** Batched matrix product over the last two dimensions, the leading ones broadcast. */
    public Value matMul(Value a, Value b) {
        return one("MatMul", Map.of(), a.type(), product(a.shape(), b.shape(), false, false), a, b);
    }

    /** {@code op(a) op(b) + c} for matrices; {@code c} (may be null) is broadcast over the rows. */
    public Value gemm(Value a, Value b, Value c, boolean transA, boolean transB) {
        Map<String, Object> attributes = Map.of("transA", transA ? 1L : 0L, "transB", transB ? 1L : 0L);
        Shape shape = product(a.shape(), b.shape(), transA, transB);
        return c == null
                ? one("Gemm", attributes, a.type(), shape, a, b)
                : one("Gemm", attributes, a.type(), shape, a, b, c);
    }

    /** {@code alpha A B + C} with a matrix C of the product's shape; {@code B'} where {@code transB}. */
    public Value gemm(Value a, Value b, Value c, boolean transB, float alpha) {
        Map<String, Object> attributes = Map.of("transA", 0L, "transB", transB ? 1L : 0L, "alpha", alpha);
        return one("Gemm", attributes, a.type(), product(a.shape(), b.shape(), false, transB), a, b, c);
    }

    /**
     * A convolution along the last axis, with {@code pad} zeros on either side.
     *
     * @param x {@code [batch, in, length]}
     * @param weight {@code [out, in, 2 pad + 1]}
     * @param bias {@code [out]}
     */
    public Value conv(Value x, Value weight, Value bias, long pad) {
        Shape shape = x.shape().with(1, weight.shape().dim(0));
        return one("Conv", Map.of("pads", new long[] {pad, pad}), x.type(), shape, x, weight, bias);
    }

    /** 0, 1, .. below an int64 scalar. */
    public Value range(Value count, Dim dim) {
        Value zero = constant(Constant.scalar(0L));
        Value one = constant(Constant.scalar(1L));
        return one("Range", Map.of(), ElementType.INT64, new Shape(List.of(dim)), zero, count, one);
    }

    /** Picks slices of {@code data} along an axis. */
    public Value gather(Value data, Value indices, int axis) {
        return gather(data, indices, axis, null);
    }

    /** Picks an element a row: {@code data[i, indices[i, 0]]}, {@code [rows, 1]}. */
    public Value gatherElements(Value data, Value indices) {
        return one("GatherElements", Map.of("axis", 1L), data.type(), indices.shape(), data, indices);
    }

    /** The place of the largest element along the last axis, the first of several: int64, that axis left out. */
    public Value argMax(Value x) {
        Map<String, Object> attributes = Map.of("axis", -1L, "keepdims", 0L);
        return one(
                "ArgMax",
                attributes,
                ElementType.INT64,
                x.shape().without(x.shape().rank() - 1),
                x);
    }

    /** Picks rows, each at most once, where the way back is known: its gradient needs no scatter. */
    public Value gatherRows(Value data, Value indices, RowInverse inverse) {
        return gather(data, indices, 0, inverse);
    }

    private Value gather(Value data, Value indices, int axis, RowInverse inverse) {
        Shape shape = data.shape()
                .slice(0, axis)
                .concat(indices.shape())
                .concat(data.shape().slice(axis + 1, data.shape().rank()));
        Node node = new Node("Gather", "", "", List.of(data, indices), List.of(), Map.of("axis", (long) axis), inverse);
        return graph.append(node, scope, List.of(data.type()), List.of(shape)).output(0);
    }

    /**
     * Reshapes to dimensions of which at most one need be worked out by ONNX Runtime: symbols that stand on the same axis
     * of {@code x} are copied, one more may be inferred. {@link IllegalArgumentException} otherwise; then
     * {@link #reshape(Value, Value, Shape)} takes the sizes from a tensor.
     */
    public Value reshape(Value x, Shape shape) {
        long[] target = new long[shape.rank()];
        boolean inferred = false;
        for (int i = 0; i < target.length; i++) {
            Dim dim = shape.dim(i);
            if (dim.fixed()) {
                target[i] = dim.size();
            } else if (i < x.shape().rank() && x.shape().dim(i).equals(dim)) {
                target[i] = 0;
            } else if (!inferred) {
                target[i] = -1;
                inferred = true;
            } else {
                throw new IllegalArgumentException("Cannot reshape " + x + " to " + shape + " with constants");
            }
        }
        return reshape(x, vector(target), shape);
    }

    /** Reshapes to the sizes in an int64 tensor; {@code shape} says what they are called. */
    public Value reshape(Value x, Value sizes, Shape shape) {
        return one("Reshape", Map.of(), x.type(), shape, x, sizes);
    }

    public Value transpose(Value x, long... permutation) {
        List<Dim> dims = new ArrayList<>();
        for (long axis : permutation) {
            dims.add(x.shape().dim((int) axis));
        }
        return one("Transpose", Map.of("perm", permutation), x.type(), new Shape(dims), x);
    }

    public Value concat(int axis, Dim total, Value... parts) {
        Map<String, Object> attributes = Map.of("axis", (long) axis);
        return one("Concat", attributes, parts[0].type(), parts[0].shape().with(axis, total), parts);
    }

    /** Cuts along the first axis into {@code count} parts of one size; the node has an output for each. */
    public Node split(Value x, int count) {
        return split(x, count, 0);
    }

    /** Cuts along an axis into {@code count} parts of one size; the node has an output for each. */
    public Node split(Value x, int count, int axis) {
        long size = x.shape().dim(axis).size() / count;
        if (size * count != x.shape().dim(axis).size()) {
            throw new IllegalArgumentException(x + " cannot be cut into " + count + " parts of one size");
        }
        long[] sizes = new long[count];
        Arrays.fill(sizes, size);
        List<ElementType> types = Collections.nCopies(count, x.type());
        List<Shape> shapes = Collections.nCopies(count, x.shape().with(axis, new Dim(null, size)));
        return many("Split", Map.of("axis", (long) axis), types, shapes, x, vector(sizes));
    }

    /** The first {@code count} rows (an int64 vector of one element). */
    public Value slice(Value x, Value count, Shape shape) {
        return one("Slice", Map.of(), x.type(), shape, x, vector(0), count, vector(0));
    }

    /** The slices of an axis from {@code start} (inclusive) to {@code end} (exclusive), each an int64 vector of one element. */
    public Value slice(Value x, Value start, Value end, int axis, Dim size) {
        int counted = axis < 0 ? axis + x.shape().rank() : axis;
        return one("Slice", Map.of(), x.type(), x.shape().with(counted, size), x, start, end, vector(counted));
    }

    public Value softmax(Value x) {
        return one("Softmax", Map.of("axis", -1L), x.type(), x.shape(), x);
    }

    public Value logSoftmax(Value x) {
        return one("LogSoftmax", Map.of("axis", -1L), x.type(), x.shape(), x);
    }

    /**
     * Normalises over the last axis; the bias may be null. Outputs 1 and 2 of its node are the mean and the inverse standard deviation.
     */
    public Value layerNormalization(Value x, Value scale, Value bias, float epsilon) {
        Shape statistics = x.shape().with(-1, new Dim(null, 1));
        Node node = new Node(
                "LayerNormalization",
                "",
                "",
                bias == null ? List.of(x, scale) : List.of(x, scale, bias),
                List.of(),
                Map.of("axis", -1L, "epsilon", epsilon),
                null);
        return graph.append(
                        node,
                        scope,
                        List.of(x.type(), ElementType.FLOAT, ElementType.FLOAT),
                        List.of(x.shape(), statistics, statistics))
                .output(0);
    }

    /**
     * Divides by the root of the mean square over the last axis and multiplies with the scale: {@code LayerNormalization} without
     * the mean. Output 1 of its node is the inverse of the root. ONNX Runtime has it in ONNX's domain, ONNX has not.
     */
    public Value simplifiedLayerNormalization(Value x, Value scale, float epsilon) {
        Shape statistics = x.shape().with(-1, new Dim(null, 1));
        Node node = new Node(
                "SimplifiedLayerNormalization",
                "",
                "",
                List.of(x, scale),
                List.of(),
                Map.of("axis", -1L, "epsilon", epsilon),
                null);
        return graph.append(node, scope, List.of(x.type(), ElementType.FLOAT), List.of(x.shape(), statistics))
                .output(0);
    }

    /** Zeroes elements with probability {@code ratio} and scales the others up; output 1 of its node is the mask. */
    public Value dropout(Value x, float ratio) {
        Value training = constant(Constant.scalar(true));
        Node node = new Node("Dropout", "", "", List.of(x, scalar(ratio), training), List.of(), Map.of(), null);
        return graph.append(node, scope, List.of(x.type(), ElementType.BOOL), List.of(x.shape(), x.shape()))
                .output(0);
    }

    /** The mean over the last axis, which stays as one of size 1. */
    public Value reduceMean(Value x) {
        Map<String, Object> attributes = Map.of("axes", new long[] {-1}, "keepdims", 1L);
        return one("ReduceMean", attributes, x.type(), x.shape().with(-1, new Dim(null, 1)), x);
    }

    public Value reduceSum(Value x, boolean keepDims, int... axes) {
        Shape shape = x.shape();
        long[] sorted = Arrays.stream(axes).sorted().asLongStream().toArray();
        for (int i = sorted.length - 1; i >= 0; i--) {
            int axis = (int) sorted[i];
            shape = keepDims ? shape.with(axis, new Dim(null, 1)) : shape.without(axis);
        }
        return one("ReduceSum", Map.of("keepdims", keepDims ? 1L : 0L), x.type(), shape, x, vector(sorted));
    }

    /** Puts dimensions of size 1 in, at axes of the result that are an int64 vector of constants, ascending. */
    public Value unsqueeze(Value x, Value axes) {
        long[] places = (long[]) graph.constants().get(axes).data();
        Shape shape = x.shape();
        for (long place : places) {
            int axis = (int) place;
            shape = shape.slice(0, axis).concat(Shape.of(1)).concat(shape.slice(axis, shape.rank()));
        }
        return one("Unsqueeze", Map.of(), x.type(), shape, x, axes);
    }

    /** Repeats along dimensions of size 1 (or missing in front) up to the sizes in an int64 tensor. */
    public Value expand(Value x, Value sizes, Shape shape) {
        return one("Expand", Map.of(), x.type(), shape, x, sizes);
    }

    /** The sum of all squared elements, a scalar. */
    public Value reduceSumSquare(Value x) {
        return one("ReduceSumSquare", Map.of("keepdims", 0L), x.type(), Shape.of(), x);
    }

    /** The sum of several tensors of one shape. */
    public Value sum(Value... terms) {
        return one("Sum", Map.of(), terms[0].type(), terms[0].shape(), terms);
    }

    public Value sqrt(Value x) {
        return like("Sqrt", x);
    }

    /** The smaller of two, element by element. */
    public Value min(Value a, Value b) {
        return elementwise("Min", a, b);
    }

    public Value reduceMin(Value x) {
        return one("ReduceMin", Map.of("keepdims", 0L), x.type(), Shape.of(), x);
    }

    /** The sizes of a tensor's dimensions, int64. */
    public Value shape(Value x) {
        return one("Shape", Map.of(), ElementType.INT64, Shape.of(x.shape().rank()), x);
    }

    /** The number of a tensor's elements, an int64 scalar. */
    public Value size(Value x) {
        return one("Size", Map.of(), ElementType.INT64, Shape.of(), x);
    }

    /** Positions of non-zero elements: {@code [rank, count]}. */
    public Value nonZero(Value x, String count) {
        return one("NonZero", Map.of(), ElementType.INT64, Shape.of(x.shape().rank(), count), x);
    }

    public Value cumSum(Value x, int axis) {
        return one("CumSum", Map.of(), x.type(), x.shape(), x, constant(Constant.scalar((long) axis)));
    }

    /** The distinct elements of a vector in ascending order (output 0), and for each element its place among them. */
    public Node unique(Value x, String count) {
        List<Shape> shapes = List.of(Shape.of(count), Shape.of(count), x.shape());
        List<ElementType> types = List.of(x.type(), ElementType.INT64, ElementType.INT64);
        return graph.append(new Node("Unique", "", "", List.of(x), List.of(), Map.of(), null), scope, types, shapes);
    }

    /** Rows of the identity: {@code [.., depth]} float. */
    public Value oneHot(Value indices, Value depth, Dim depthDim) {
        Value values = constant(Constant.floats(new float[] {0, 1}, 2));
        Shape shape = indices.shape().concat(new Shape(List.of(depthDim)));
        return one("OneHot", Map.of("axis", -1L), ElementType.FLOAT, shape, indices, depth, values);
    }

    /** {@code data} with whole slices replaced where {@code indices} {@code [n, 1]} point. */
    public Value scatterNd(Value data, Value indices, Value updates) {
        return one("ScatterND", Map.of(), data.type(), data.shape(), data, indices, updates);
    }

    /** A float tensor of zeros with fixed dimensions, made anew in each run. */
    public Value zeros(Shape shape) {
        long[] sizes = shape.dims().stream().mapToLong(Dim::size).toArray();
        return one("ConstantOfShape", Map.of(), ElementType.FLOAT, shape, vector(sizes));
    }

    /** Zeros in the shape and type of another value. */
    public Value zerosLike(Value x) {
        return as(one("ConstantOfShape", Map.of(), ElementType.FLOAT, x.shape(), shape(x)), x.type());
    }

    private Value elementwise(String operator, Value a, Value b) {
        return one(operator, Map.of(), a.type(), a.shape().broadcast(b.shape()), a, b);
    }

    protected Value like(String operator, Value x) {
        return one(operator, Map.of(), x.type(), x.shape(), x);
    }

    protected String domain() {
        return "";
    }

    protected Value one(String operator, Map<String, Object> attributes, ElementType type, Shape shape, Value... in) {
        return many(operator, attributes, Collections.singletonList(type), List.of(shape), in)
                .output(0);
    }

    protected Node many(
            String operator, Map<String, Object> attributes, List<ElementType> types, List<Shape> shapes, Value... in) {
        Node node = new Node(operator, domain(), "", Arrays.asList(in), List.of(), attributes, null);
        return graph.append(node, scope, types, shapes);
    }

    /** The shape of a (batched) matrix product; {@link IllegalArgumentException} when the inner dimensions differ. */
    protected static Shape product(Shape a, Shape b, boolean transA, boolean transB) {
        Dim rows = a.dim(transA ? -1 : -2);
        Dim inner = a.dim(transA ? -2 : -1);
        Dim columns = b.dim(transB ? -2 : -1);
        if (!inner.equals(b.dim(transB ? -1 : -2))) {
            throw new IllegalArgumentException("Matrices " + a + " and " + b + " do not fit");
        }
        Shape batch = a.slice(0, a.rank() - 2).broadcast(b.slice(0, b.rank() - 2));
        return batch.concat(new Shape(List.of(rows, columns)));
    }
}
