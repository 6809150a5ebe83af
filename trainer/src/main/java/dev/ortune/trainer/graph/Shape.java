package dev.ortune.trainer.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor's dimensions, each a number or, where only a run knows it, a symbol such as {@code batch}. Two dimensions are
 * the same when their numbers or symbols are.
 */
public record Shape(List<Dim> dims) {
    /** One dimension: {@code symbol} is null when the size is fixed. */
    public record Dim(String symbol, long size) {
        public boolean fixed() {
            return symbol == null;
        }

        @Override
        public String toString() {
            return fixed() ? Long.toString(size) : symbol;
        }
    }

    public Shape {
        dims = List.copyOf(dims);
    }

    /** Builds a shape from numbers (fixed) and strings (symbols): {@code Shape.of("batch", "sequence", 768)}. */
    public static Shape of(Object... dims) {
        List<Dim> list = new ArrayList<>();
        for (Object dim : dims) {
            if (dim instanceof Dim d) {
                list.add(d);
            } else if (dim instanceof Number size) {
                list.add(new Dim(null, size.longValue()));
            } else {
                list.add(new Dim(dim.toString(), -1));
            }
        }
        return new Shape(list);
    }

    public static Shape of(long[] dims) {
        List<Dim> list = new ArrayList<>();
        for (long size : dims) {
            list.add(new Dim(null, size));
        }
        return new Shape(list);
    }

    public int rank() {
        return dims.size();
    }

    /** The dimension on that axis; negative axes count from the end. */
    public Dim dim(int axis) {
        return dims.get(axis < 0 ? axis + rank() : axis);
    }

    /** A copy with one dimension replaced. */
    public Shape with(int axis, Dim dim) {
        List<Dim> list = new ArrayList<>(dims);
        list.set(axis < 0 ? axis + rank() : axis, dim);
        return new Shape(list);
    }

    /** A copy without one dimension. */
    public Shape without(int axis) {
        List<Dim> list = new ArrayList<>(dims);
        list.remove(axis < 0 ? axis + rank() : axis);
        return new Shape(list);
    }

    /** The dimensions from {@code from} (inclusive) to {@code to} (exclusive). */
    public Shape slice(int from, int to) {
        return new Shape(dims.subList(from, to));
    }

    /** These dimensions followed by the other's. */
    public Shape concat(Shape other) {
        List<Dim> list = new ArrayList<>(dims);
        list.addAll(other.dims);
        return new Shape(list);
    }

    /** ONNX's (NumPy's) multidirectional broadcasting; {@link IllegalArgumentException} when the shapes do not fit. */
    public Shape broadcast(Shape other) {
        int rank = Math.max(rank(), other.rank());
        List<Dim> result = new ArrayList<>();
        for (int i = -rank; i < 0; i++) {
            Dim a = -i <= rank() ? dim(i) : new Dim(null, 1);
            Dim b = -i <= other.rank() ? other.dim(i) : new Dim(null, 1);
            if (!a.equals(b) && a.size() != 1 && b.size() != 1) {
                throw new IllegalArgumentException(this + " and " + other + " do not broadcast");
            }
            result.add(a.size() == 1 ? b : a);
        }
        return new Shape(result);
    }

    @Override
    public String toString() {
        return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
