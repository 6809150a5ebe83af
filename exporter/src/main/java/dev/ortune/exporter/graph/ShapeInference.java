package dev.ortune.exporter.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Types and shapes of all values of a graph, dimensions by name included. Follows ONNX's operator definitions
 * (github.com/onnx/onnx/blob/main/docs/Operators.md) for what classifiers are made of; values that come after an operator
 * it does not know stay without a type, which ONNX allows.
 *
 * <p>Shapes that a graph computes from shapes (Shape, Gather, Concat, Slice) are followed too: their elements are
 * dimensions.
 */
public final class ShapeInference {
    private final Graph graph;
    private final Map<String, ValueType> types = new LinkedHashMap<>();
    private final Map<String, List<Dim>> dims = new HashMap<>();
    private Node node;

    private ShapeInference(Graph graph) {
        this.graph = graph;
    }

    /** The types of inputs, constants and of what the nodes make, by name. */
    public static Map<String, ValueType> of(Graph graph) {
        ShapeInference inference = new ShapeInference(graph);
        inference.types.putAll(graph.inputs());
        graph.constants().forEach((name, tensor) -> inference.types.put(name, tensor.valueType()));
        graph.nodes().forEach(inference::infer);
        return inference.types;
    }

    private void infer(Node next) {
        node = next;
        boolean known = node.inputs().stream().allMatch(input -> input.isEmpty() || types.containsKey(input));
        List<ValueType> results = known ? wellFormedResults() : List.of();
        for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
            String output = node.outputs().get(i);
            if (!output.isEmpty() && results.get(i) != null) {
                types.put(output, results.get(i));
            }
        }
    }

    /**
     * None for a node that breaks its operator's definition, such as a product of vectors: ONNX Runtime, which loads
     * whatever is written, says what is wrong with it.
     */
    private List<ValueType> wellFormedResults() {
        try {
            return results();
        } catch (RuntimeException broken) {
            return List.of();
        }
    }

    private List<ValueType> results() {
        return switch (node.operator()) {
            case "Identity",
                    "Dropout",
                    "Erf",
                    "Tanh",
                    "Relu",
                    "Softmax",
                    "LogSoftmax",
                    "Gelu",
                    "Sqrt",
                    "Neg",
                    "Exp",
                    "FastGelu",
                    "Sigmoid",
                    "Not",
                    "Cos",
                    "Sin",
                    "Floor",
                    "CumSum",
                    "Abs",
                    "Log",
                    "Clip",
                    "QuickGelu" -> one(type(0));
            case "Add", "Sub", "Mul", "Div", "Mod", "Pow", "Min", "Max" -> one(broadcast(type(0).type()));
            case "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or" ->
                one(broadcast(ElementType.BOOL));
            case "Where" -> one(new ValueType(type(1).type(), broadcast(1, 2, type(0).shape())));
            case "BiasGelu" -> one(type(0));
            case "Cast" ->
                one(type(0).with(ElementType.of((int) node.attribute("to", 0L)).orElseThrow()));
            case "MatMul", "FusedMatMul" -> one(matMul(type(0).type(), transposedB()));
            case "MatMulInteger" -> one(matMul(ElementType.INT32, false));
            case "DynamicQuantizeMatMul" -> one(matMul(ElementType.FLOAT, false));
            case "MatMulIntegerToFloat" -> one(matMul(ElementType.FLOAT, false));
            case "MatMulNBits" -> one(lastDim(type(0), Dim.of(node.attribute("N", 0L))));
            case "Gemm" -> one(gemm());
            case "DynamicQuantizeLinear" ->
                List.of(
                        type(0).with(ElementType.UINT8),
                        ValueType.of(ElementType.FLOAT),
                        ValueType.of(ElementType.UINT8));
            case "QuantizeLinear" -> one(type(0).with(type(2).type()));
            case "DequantizeLinear" -> one(type(0).with(type(1).type()));
            case "LayerNormalization", "SimplifiedLayerNormalization" -> one(type(0));
            case "SkipLayerNormalization" -> Arrays.asList(type(0), null, null, type(0));
            case "Attention" ->
                one(lastDim(type(0), Dim.of(type(1).shape().get(1).size() / 3)));
            case "MultiHeadAttention" -> one(type(0));
            case "EmbedLayerNormalization" -> embedLayerNormalization();
            case "Conv" -> one(conv());
            case "Transpose" -> one(transpose());
            case "Shape" -> one(shape());
            case "Gather" -> one(gather());
            case "GatherElements" -> one(new ValueType(type(0).type(), type(1).shape()));
            case "Slice" -> one(slice());
            case "Concat" -> one(concat());
            case "Range" -> one(new ValueType(type(0).type(), List.of(Dim.of(node.output() + "_0"))));
            case "Reshape" -> one(reshape());
            case "Unsqueeze" -> one(unsqueeze());
            case "Squeeze" -> one(squeeze());
            case "Expand" -> one(expand());
            case "Split" -> split();
            case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2" -> one(reduce());
            case "ArgMax", "ArgMin" -> one(place());
            case "ConstantOfShape" -> one(filled());
            default -> List.of();
        };
    }

    private ValueType type(int input) {
        return types.get(node.input(input));
    }

    private static List<ValueType> one(ValueType type) {
        return Collections.singletonList(type);
    }

    private ValueType broadcast(ElementType type) {
        ValueType result = new ValueType(type, broadcast(0, 1, List.of()));
        List<Dim> left = dims(0);
        List<Dim> right = dims(1);
        if (left != null && right != null && type == ElementType.INT64 && left.size() == 1 && right.size() == 1) {
            arithmetic(left.get(0), right.get(0));
        }
        return result;
    }

    /** Sizes that are numbers; a computed size without a name stays unknown. */
    private void arithmetic(Dim left, Dim right) {
        if (left.fixed() && right.fixed()) {
            long value =
                    switch (node.operator()) {
                        case "Add" -> left.size() + right.size();
                        case "Sub" -> left.size() - right.size();
                        case "Mul" -> left.size() * right.size();
                        case "Div" -> right.size() == 0 ? -1 : left.size() / right.size();
                        default -> -1;
                    };
            if (value >= 0) {
                dims.put(node.output(), List.of(Dim.of(value)));
            }
        }
    }

    private List<Dim> broadcast(int first, int second, List<Dim> third) {
        return broadcast(broadcast(type(first).shape(), type(second).shape()), third);
    }

    /** ONNX's multidirectional broadcasting, which is NumPy's; of two names the first stays. */
    private static List<Dim> broadcast(List<Dim> a, List<Dim> b) {
        int rank = Math.max(a.size(), b.size());
        List<Dim> result = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            Dim left = i < rank - a.size() ? Dim.of(1) : a.get(i - rank + a.size());
            Dim right = i < rank - b.size() ? Dim.of(1) : b.get(i - rank + b.size());
            boolean takeRight = left.size() == 1 || (right.fixed() && right.size() != 1);
            result.add(takeRight ? right : left);
        }
        return result;
    }

    private boolean transposedB() {
        return node.attribute("transB", 0L) != 0;
    }

    private ValueType matMul(ElementType type, boolean transB) {
        List<Dim> a = type(0).shape();
        List<Dim> b = type(1).shape();
        List<Dim> shape = new ArrayList<>(broadcast(a.subList(0, a.size() - 2), b.subList(0, b.size() - 2)));
        shape.add(a.get(a.size() - 2));
        shape.add(b.get(transB ? b.size() - 2 : b.size() - 1));
        return new ValueType(type, shape);
    }

    private ValueType gemm() {
        List<Dim> a = type(0).shape();
        List<Dim> b = type(1).shape();
        Dim rows = a.get(node.attribute("transA", 0L) == 0 ? 0 : 1);
        return new ValueType(type(0).type(), List.of(rows, b.get(transposedB() ? 0 : 1)));
    }

    private List<ValueType> embedLayerNormalization() {
        List<Dim> shape = new ArrayList<>(type(0).shape());
        shape.add(type(2).shape().get(1));
        return List.of(new ValueType(type(2).type(), shape), new ValueType(ElementType.INT32, shape.subList(0, 1)));
    }

    /** [batch, out, ..]: how long the other axes become depends on more than need be known. */
    private ValueType conv() {
        List<Dim> shape = new ArrayList<>(type(0).shape());
        shape.set(1, type(1).shape().get(0));
        for (int axis = 2; axis < shape.size(); axis++) {
            shape.set(axis, Dim.of(node.output() + "_" + axis));
        }
        return new ValueType(type(0).type(), shape);
    }

    private static ValueType lastDim(ValueType type, Dim last) {
        List<Dim> shape = new ArrayList<>(type.shape());
        shape.set(shape.size() - 1, last);
        return new ValueType(type.type(), shape);
    }

    private ValueType transpose() {
        List<Dim> shape = type(0).shape();
        List<Long> reversed = new ArrayList<>();
        for (long axis = shape.size() - 1L; axis >= 0; axis--) {
            reversed.add(axis);
        }
        return new ValueType(
                type(0).type(),
                node.attribute("perm", reversed).stream()
                        .map(axis -> shape.get(axis.intValue()))
                        .toList());
    }

    private ValueType shape() {
        List<Dim> shape = type(0).shape();
        int start = axis(node.attribute("start", 0L), shape.size());
        int end = axis(node.attribute("end", shape.size()), shape.size());
        List<Dim> part = shape.subList(Math.min(start, end), Math.min(end, shape.size()));
        dims.put(node.output(), part);
        return ValueType.of(ElementType.INT64, part.size());
    }

    private ValueType gather() {
        int axis = axis(node.attribute("axis", 0L), type(0).rank());
        List<Dim> shape = new ArrayList<>(type(0).shape());
        shape.remove(axis);
        shape.addAll(axis, type(1).shape());
        List<Dim> data = dims(0);
        List<Dim> indices = dims(1);
        if (data != null && indices != null && indices.stream().allMatch(Dim::fixed)) {
            dims.put(
                    node.output(),
                    indices.stream().map(i -> data.get((int) i.size())).toList());
        }
        return new ValueType(type(0).type(), shape);
    }

    private ValueType slice() {
        List<Dim> axes = node.inputs().size() > 3 ? dims(3) : places(type(1));
        boolean steps = node.inputs().size() > 4 && !List.of(Dim.of(1)).equals(dims(4));
        if (axes == null || steps) {
            return null;
        }
        List<Dim> starts = dims(1);
        List<Dim> ends = dims(2);
        List<Dim> shape = new ArrayList<>(type(0).shape());
        for (int i = 0; i < axes.size(); i++) {
            int axis = axis(axes.get(i).size(), shape.size());
            Dim sliced = starts == null || ends == null ? null : sliced(shape.get(axis), starts.get(i), ends.get(i));
            List<Dim> data = dims(0);
            if (data != null && sliced != null && sliced.fixed()) {
                int start = (int) starts.get(i).size();
                dims.put(node.output(), data.subList(start, start + (int) sliced.size()));
            }
            shape.set(axis, sliced == null ? Dim.of(node.output() + "_" + axis) : sliced);
        }
        return new ValueType(type(0).type(), shape);
    }

    /** 0, 1, .. for as many elements as a vector has; null where that is not known. */
    private static List<Dim> places(ValueType vector) {
        Dim count = vector.shape().get(0);
        return count.fixed()
                ? LongStream.range(0, count.size()).mapToObj(Dim::of).toList()
                : null;
    }

    /** What lies between two places of a dimension, or null where that cannot be told. */
    private static Dim sliced(Dim whole, Dim start, Dim end) {
        if (start.fixed() && start.size() == 0 && !end.fixed()) {
            return end;
        }
        if (!start.fixed() || !end.fixed() || !whole.fixed()) {
            return null;
        }
        long size = Math.min(end.size(), whole.size()) - start.size();
        return size < 0 ? null : Dim.of(size);
    }

    private ValueType concat() {
        int axis = axis(node.attribute("axis", 0L), type(0).rank());
        long size = 0;
        List<Dim> elements = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Dim dim = type(i).shape().get(axis);
            size = size < 0 || !dim.fixed() ? -1 : size + dim.size();
            elements = elements == null || dims(i) == null ? null : joined(elements, dims(i));
        }
        if (elements != null) {
            dims.put(node.output(), elements);
        }
        List<Dim> shape = new ArrayList<>(type(0).shape());
        shape.set(axis, size < 0 ? Dim.of(node.output() + "_" + axis) : Dim.of(size));
        return new ValueType(type(0).type(), shape);
    }

    private static List<Dim> joined(List<Dim> first, List<Dim> second) {
        List<Dim> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private ValueType reshape() {
        long[] constant = numbers(1);
        List<Dim> target = constant == null ? dims(1) : null;
        if (constant == null && target == null) {
            return reshapedToUnknown();
        }
        List<Dim> from = type(0).shape();
        List<Dim> shape = new ArrayList<>();
        int open = -1;
        for (int i = 0; i < (constant == null ? target.size() : constant.length); i++) {
            long size = constant == null ? 1 : constant[i];
            open = size < 0 ? i : open;
            shape.add(constant == null ? target.get(i) : size == 0 ? from.get(i) : size < 0 ? null : Dim.of(size));
        }
        if (open >= 0) {
            shape.set(open, rest(from, shape, node.output() + "_" + open));
        }
        keepDims(from, shape);
        return new ValueType(type(0).type(), shape);
    }

    /** Where sizes are computed, how many there are is known at least. */
    private ValueType reshapedToUnknown() {
        List<Dim> places = places(type(1));
        return places == null
                ? null
                : new ValueType(
                        type(0).type(),
                        places.stream()
                                .map(place -> Dim.of(node.output() + "_" + place.size()))
                                .toList());
    }

    /** The dimension that is written -1: what the others leave over. */
    private static Dim rest(List<Dim> from, List<Dim> to, String name) {
        List<Dim> left = new ArrayList<>(from);
        long divisor = 1;
        for (Dim dim : to) {
            if (dim != null && dim.fixed()) {
                divisor *= dim.size();
            } else if (dim != null && !left.remove(dim)) {
                return Dim.of(name);
            }
        }
        List<Dim> named = left.stream().filter(dim -> !dim.fixed()).toList();
        long product = left.stream().filter(Dim::fixed).mapToLong(Dim::size).reduce(1, (a, b) -> a * b);
        if (named.isEmpty() && divisor != 0) {
            return Dim.of(product / divisor);
        }
        return named.size() == 1 && product == divisor ? named.get(0) : Dim.of(name);
    }

    private void keepDims(List<Dim> from, List<Dim> to) {
        List<Dim> elements = dims(0);
        if (elements != null && from.size() <= 1 && to.size() <= 1) {
            dims.put(node.output(), elements);
        }
    }

    private ValueType unsqueeze() {
        long[] axes = axes(1);
        if (axes == null) {
            return null;
        }
        int rank = type(0).rank() + axes.length;
        List<Dim> shape = new ArrayList<>(type(0).shape());
        Arrays.stream(axes).mapToInt(axis -> axis(axis, rank)).sorted().forEach(axis -> shape.add(axis, Dim.of(1)));
        keepDims(type(0).shape(), shape);
        return new ValueType(type(0).type(), shape);
    }

    private ValueType squeeze() {
        long[] axes = axes(1);
        if (axes == null) {
            return null;
        }
        List<Dim> shape = new ArrayList<>(type(0).shape());
        int rank = shape.size();
        Arrays.stream(axes).map(axis -> -axis(axis, rank)).sorted().forEach(axis -> shape.remove((int) -axis));
        keepDims(type(0).shape(), shape);
        return new ValueType(type(0).type(), shape);
    }

    private ValueType expand() {
        List<Dim> target = dims(1);
        if (target == null) {
            return reshapedToUnknown();
        }
        return new ValueType(type(0).type(), broadcast(type(0).shape(), target));
    }

    private List<ValueType> split() {
        int axis = axis(node.attribute("axis", 0L), type(0).rank());
        int count = node.outputs().size();
        Dim whole = type(0).shape().get(axis);
        long[] sizes = node.inputs().size() > 1 ? numbers(1) : null;
        boolean even = node.inputs().size() == 1 && whole.fixed() && whole.size() % count == 0;
        if (sizes == null && !even) {
            return List.of();
        }
        List<ValueType> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Dim> shape = new ArrayList<>(type(0).shape());
            shape.set(axis, Dim.of(even ? whole.size() / count : sizes[i]));
            parts.add(new ValueType(type(0).type(), shape));
        }
        return parts;
    }

    /** Of the largest element along an axis. */
    private ValueType place() {
        List<Dim> shape = new ArrayList<>(type(0).shape());
        int axis = (int) node.attribute("axis", 0L);
        int place = axis < 0 ? axis + shape.size() : axis;
        if (node.attribute("keepdims", 1L) == 1) {
            shape.set(place, Dim.of(1));
        } else {
            shape.remove(place);
        }
        return new ValueType(ElementType.INT64, shape);
    }

    private ValueType reduce() {
        int rank = type(0).rank();
        boolean all =
                node.inputs().size() < 2 && node.attribute("axes", List.of()).isEmpty();
        long[] axes = all ? LongStream.range(0, rank).toArray() : axes(1);
        if (axes == null) {
            return null;
        }
        boolean kept = node.attribute("keepdims", 1L) != 0;
        List<Dim> shape = new ArrayList<>(type(0).shape());
        Arrays.stream(axes).map(axis -> -axis(axis, rank)).sorted().forEach(axis -> {
            if (kept) {
                shape.set((int) -axis, Dim.of(1));
            } else {
                shape.remove((int) -axis);
            }
        });
        return new ValueType(type(0).type(), shape);
    }

    private ValueType filled() {
        List<Dim> shape = dims(0);
        int type = node.attributes().stream()
                .filter(attribute -> attribute.getName().equals("value"))
                .mapToInt(attribute -> attribute.getT().getDataType())
                .findFirst()
                .orElse(ElementType.FLOAT.code());
        return shape == null ? null : new ValueType(ElementType.of(type).orElseThrow(), shape);
    }

    private long[] axes(int input) {
        List<Long> attribute = node.attribute("axes", List.of());
        return attribute.isEmpty()
                ? numbers(input)
                : attribute.stream().mapToLong(Long::longValue).toArray();
    }

    private long[] numbers(int input) {
        Tensor constant = graph.constants().get(node.input(input));
        return constant == null || constant.type() != ElementType.INT64 ? null : constant.longs();
    }

    /** The elements of a small integer input as dimensions, or null where they are not known. */
    private List<Dim> dims(int input) {
        List<Dim> known = dims.get(node.input(input));
        long[] numbers = known == null ? numbers(input) : null;
        if (numbers == null || Arrays.stream(numbers).anyMatch(number -> number < 0)) {
            return known;
        }
        return Arrays.stream(numbers).mapToObj(Dim::of).toList();
    }

    private static int axis(long axis, int rank) {
        return (int) (axis < 0 ? axis + rank : axis);
    }
}
