package dev.ortune.exporter.graph;

import java.util.Arrays;
import java.util.List;

/** Type and shape of a value. */
public record ValueType(ElementType type, List<Dim> shape) {
    public ValueType {
        shape = List.copyOf(shape);
    }

    public static ValueType of(ElementType type, long... shape) {
        return new ValueType(type, Arrays.stream(shape).mapToObj(Dim::of).toList());
    }

    /** The same shape with other elements. */
    public ValueType with(ElementType other) {
        return new ValueType(other, shape);
    }

    public int rank() {
        return shape.size();
    }

    @Override
    public String toString() {
        return type + " " + shape;
    }
}
