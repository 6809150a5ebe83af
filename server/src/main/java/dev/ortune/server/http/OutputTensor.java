package dev.ortune.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A tensor of an answer of the Open Inference Protocol, in either of its forms: as JSON, or as bytes behind it.
 *
 * @param name of the output
 * @param values of all its elements, the last dimension's side by side
 * @param shape its dimensions
 */
record OutputTensor(String name, Values values, long... shape) {
    /** Elements of one type. */
    sealed interface Values {
        /** The protocol's name of the type. */
        String datatype();

        /** Adds each to a JSON array. */
        void addTo(ArrayNode data);

        /** Each as the binary extension has it: little-endian, strings in UTF-8 behind their lengths of four bytes. */
        byte[] bytes();
    }

    /** Adds it with its values. */
    void addTo(ArrayNode outputs) {
        values.addTo(Tensors.data(outputs.addObject(), name, values.datatype(), shape));
    }

    /** Adds what it is and how many bytes it has, which come behind the JSON. */
    byte[] addBinaryTo(ArrayNode outputs) {
        byte[] bytes = values.bytes();
        ObjectNode output = outputs.addObject();
        Tensors.describe(output, name, values.datatype(), shape);
        output.putObject("parameters").put("binary_data_size", bytes.length);
        return bytes;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** FP32. */
    record Floats(float... values) implements Values {
        @Override
        public String datatype() {
            return "FP32";
        }

        @Override
        public void addTo(ArrayNode data) {
            for (float value : values) {
                data.add(value);
            }
        }

        @Override
        public byte[] bytes() {
            byte[] bytes = new byte[values.length * Float.BYTES];
            littleEndian(bytes).asFloatBuffer().put(values);
            return bytes;
        }
    }

    /** INT64. */
    record Longs(long... values) implements Values {
        @Override
        public String datatype() {
            return "INT64";
        }

        @Override
        public void addTo(ArrayNode data) {
            for (long value : values) {
                data.add(value);
            }
        }

        @Override
        public byte[] bytes() {
            byte[] bytes = new byte[values.length * Long.BYTES];
            littleEndian(bytes).asLongBuffer().put(values);
            return bytes;
        }
    }

    /** BYTES, which are text here. */
    record Strings(List<String> values) implements Values {
        @Override
        public String datatype() {
            return Tensors.BYTES;
        }

        @Override
        public void addTo(ArrayNode data) {
            values.forEach(data::add);
        }

        @Override
        public byte[] bytes() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (String value : values) {
                byte[] text = value.getBytes(StandardCharsets.UTF_8);
                byte[] length = new byte[Integer.BYTES];
                littleEndian(length).putInt(text.length);
                bytes.writeBytes(length);
                bytes.writeBytes(text);
            }
            return bytes.toByteArray();
        }
    }
}
