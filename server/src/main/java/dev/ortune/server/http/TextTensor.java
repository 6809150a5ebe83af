package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.files.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An input tensor of strings.
 *
 * @param name for messages, in quotes
 * @param rows the first dimension
 * @param columns the second one; 1 where there is none
 * @param values {@code [rows * columns]}
 */
record TextTensor(String name, int rows, int columns, List<String> values) {
    /**
     * Reads one.
     *
     * @param input as JSON has it
     * @param binary what comes behind the JSON; as much of it is taken as is this tensor's
     * @throws RequestException when it is no tensor of strings, or not of the size that it says
     */
    static TextTensor read(JsonNode input, ByteBuffer binary) {
        String name = "input \"" + Printable.of(input.path("name").asText()) + "\"";
        if (!input.path("datatype").asText().equals(Tensors.BYTES)) {
            throw bad(name + ": its datatype must be BYTES");
        }
        JsonNode shape = input.path("shape");
        if (!shape.isArray() || shape.size() < 1 || shape.size() > 2 || !areCounts(shape)) {
            throw bad(name + ": its shape must be [n] or [n, 1], or [n, 2] for pairs, n above 0");
        }
        int rows = shape.get(0).intValue();
        int columns = shape.path(1).asInt(1);
        JsonNode size = input.at("/parameters/binary_data_size");
        List<String> values =
                size.isMissingNode() ? listed(name, input.path("data")) : packed(name, part(name, input, size, binary));
        if (values.size() != (long) rows * columns) {
            throw bad(name + ": its shape is " + shape + ", but it has " + values.size() + " strings");
        }
        return new TextTensor(name, rows, columns, values);
    }

    private static boolean areCounts(JsonNode shape) {
        for (JsonNode dimension : shape) {
            if (!dimension.isIntegralNumber() || !dimension.canConvertToInt() || dimension.intValue() < 1) {
                return false;
            }
        }
        return true;
    }

    private static List<String> listed(String name, JsonNode data) {
        List<String> values = new ArrayList<>();
        for (JsonNode row : data) {
            for (JsonNode value : row.isArray() ? row : List.of(row)) {
                if (!value.isTextual()) {
                    throw bad(name + ": its data must be strings");
                }
                values.add(value.textValue());
            }
        }
        return values;
    }

    private static ByteBuffer part(String name, JsonNode input, JsonNode size, ByteBuffer binary) {
        if (input.has("data")) {
            throw bad(name + ": has both data and binary_data_size");
        }
        if (!size.isIntegralNumber() || !size.canConvertToInt() || size.intValue() < 0) {
            throw bad(name + ": its binary_data_size must be a whole number of bytes");
        }
        if (size.intValue() > binary.remaining()) {
            throw bad(name + ": its binary_data_size is " + size + ", but " + binary.remaining()
                    + " bytes are left of the body");
        }
        ByteBuffer part = binary.slice(binary.position(), size.intValue()).order(ByteOrder.LITTLE_ENDIAN);
        binary.position(binary.position() + size.intValue());
        return part;
    }

    /** Each string has its length before it, as an unsigned number of four bytes. */
    private static List<String> packed(String name, ByteBuffer part) {
        List<String> values = new ArrayList<>();
        while (part.hasRemaining()) {
            long length = part.remaining() < Integer.BYTES ? Long.MAX_VALUE : Integer.toUnsignedLong(part.getInt());
            if (length > part.remaining()) {
                throw bad(name + ": its binary data ends within string " + values.size());
            }
            values.add(text(name, part.slice(part.position(), (int) length)));
            part.position(part.position() + (int) length);
        }
        return values;
    }

    /** Of bytes in UTF-8. */
    static String text(String name, ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new RequestException(ErrorType.BAD_REQUEST, name + ": its strings must be UTF-8", e);
        }
    }

    private static RequestException bad(String message) {
        return new RequestException(ErrorType.BAD_REQUEST, message);
    }
}
