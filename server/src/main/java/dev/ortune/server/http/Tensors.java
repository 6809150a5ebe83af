package dev.ortune.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Tensors of the Open Inference Protocol, as JSON has them. */
final class Tensors {
    /** The protocol's name for strings. */
    static final String BYTES = "BYTES";

    private Tensors() {}

    /** Writes what a tensor is; -1 for a dimension of any length. */
    static void describe(ObjectNode tensor, String name, String datatype, long... shape) {
        tensor.put("name", name).put("datatype", datatype);
        ArrayNode dimensions = tensor.putArray("shape");
        for (long dimension : shape) {
            dimensions.add(dimension);
        }
    }

    /** Writes what a tensor is, and gives the place for its values. */
    static ArrayNode data(ObjectNode tensor, String name, String datatype, long... shape) {
        describe(tensor, name, datatype, shape);
        return tensor.putArray("data");
    }
}
