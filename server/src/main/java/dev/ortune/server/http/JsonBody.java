package dev.ortune.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.files.JsonProblem;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The JSON object in a request's body, and its fields; whatever is wrong with them is the client's fault and is said. */
record JsonBody(ObjectNode json) {
    /** No request needs more; deeper ones only cost. */
    private static final int DEEPEST = 32;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(4 << 20)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads a request's body; one that breaks off or was put together wrongly is the client's fault too. */
    static JsonBody read(Context context) {
        byte[] body = bytes(context);
        return parse(body, body.length);
    }

    /** A whole body, whatever it is. */
    // Kotlin declares no exceptions: what reading throws may be an IOException all the same.
    static byte[] bytes(Context context) {
        try {
            return context.bodyAsBytes();
        } catch (HttpResponseException known) {
            throw known;
        } catch (Exception e) {
            throw new RequestException(ErrorType.BAD_REQUEST, "the body cannot be read to its end", e);
        }
    }

    /** The object in the first {@code length} bytes of a body. */
    static JsonBody parse(byte[] body, int length) {
        try {
            if (MAPPER.readTree(body, 0, length) instanceof ObjectNode json) {
                return new JsonBody(json);
            }
            throw invalid("the body must be a JSON object");
        } catch (JsonProcessingException e) {
            throw invalid("the body is no valid JSON: " + JsonProblem.of(e));
        } catch (IOException e) {
            throw new RequestException(ErrorType.VALIDATION, "the body cannot be read: " + e.getMessage(), e);
        }
    }

    /** A field that must be there. */
    JsonNode required(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            throw invalid("missing field `" + name + "`");
        }
        return value;
    }

    boolean flag(String name, boolean otherwise) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw invalid("`" + name + "` must be true or false");
        }
        return value.booleanValue();
    }

    /** A field's text; {@code otherwise} where it is left out. */
    String text(String name, String otherwise) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw invalid("`" + name + "` must be a string");
        }
        return value.textValue();
    }

    /** A field's object; an empty one where it is left out. */
    JsonBody object(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return new JsonBody(MAPPER.createObjectNode());
        }
        if (value instanceof ObjectNode object) {
            return new JsonBody(object);
        }
        throw invalid("`" + name + "` must be an object");
    }

    /**
     * The field {@code inputs} as Hugging Face's API and transformers' pipeline have it: a text, an object with a text and
     * perhaps another that makes a pair of it, or a list of these; also a list of one list of two texts, which is a pair.
     *
     * @param empty whether a text may be
     */
    List<TextInput> texts(boolean empty) {
        JsonNode inputs = required("inputs");
        if (isOldPair(inputs)) {
            return List.of(checked(inputs.path(0).path(0), inputs.path(0).path(1), empty));
        }
        List<TextInput> texts = new ArrayList<>();
        for (JsonNode input : inputs.isArray() ? inputs : List.of(inputs)) {
            texts.add(
                    input.isObject()
                            ? checked(input.path("text"), input.path("text_pair"), empty)
                            : checked(input, MissingNode.getInstance(), empty));
        }
        if (texts.isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        return texts;
    }

    private static boolean isOldPair(JsonNode inputs) {
        return inputs.isArray()
                && inputs.size() == 1
                && inputs.path(0).isArray()
                && inputs.path(0).size() == 2;
    }

    private static TextInput checked(JsonNode text, JsonNode pair, boolean empty) {
        boolean single = pair.isMissingNode() || pair.isNull();
        if (!text.isTextual() || (!single && !pair.isTextual())) {
            throw invalid(
                    "`inputs` must be a string, an object with `text` and perhaps `text_pair`, or a list of those");
        }
        if (text.textValue().isEmpty() && !empty) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        return new TextInput(text.textValue(), single ? null : pair.textValue());
    }

    /** More texts than one request may have. */
    static RequestException tooMany(int texts, int most) {
        return new RequestException(
                ErrorType.BATCH_SIZE, "batch size " + texts + " > maximum allowed batch size " + most);
    }

    static RequestException invalid(String message) {
        return new RequestException(ErrorType.VALIDATION, message);
    }
}
