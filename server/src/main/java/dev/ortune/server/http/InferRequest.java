package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.files.Printable;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A request of the Open Inference Protocol: JSON, behind which tensors may come as bytes, by the extension for binary data
 * that Triton's clients use.
 *
 * @param body the JSON
 * @param texts or pairs of them, which its inputs hold; with choices a pair for each
 * @param choices how many each text has; 0 where there are none
 */
record InferRequest(JsonBody body, List<TextInput> texts, int choices) {
    /** How many bytes of the body are JSON; all are without it. */
    static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private static final String PAIRS =
            "two inputs are pairs of texts: both must have shape [n] or [n, 1] with the same n";

    /**
     * Reads one.
     *
     * @param most texts that there may be
     * @throws RequestException with status 400 when it is none
     */
    static InferRequest read(Context context, int most) {
        try {
            return of(JsonBody.bytes(context), context.header(JSON_LENGTH), most);
        } catch (RequestException e) {
            // This protocol knows no 422.
            throw e.type().status() == ErrorType.VALIDATION.status() ? bad(e.getMessage()) : e;
        }
    }

    private static InferRequest of(byte[] bytes, String jsonLength, int most) {
        int length = jsonLength == null ? bytes.length : length(jsonLength, bytes.length);
        if (length == 0 && jsonLength != null) {
            return raw(bytes);
        }
        JsonBody body = JsonBody.parse(bytes, length);
        ByteBuffer binary = ByteBuffer.wrap(bytes, length, bytes.length - length);
        JsonNode inputs = body.json().path("inputs");
        if (!inputs.isArray() || inputs.isEmpty() || inputs.size() > 2) {
            throw bad("there must be one input tensor, or two for pairs of texts");
        }
        List<TextTensor> tensors = new ArrayList<>();
        inputs.forEach(input -> tensors.add(TextTensor.read(input, binary)));
        if (binary.hasRemaining()) {
            throw bad("the body has " + binary.remaining() + " bytes more than its JSON and its inputs' binary data");
        }
        TextTensor last = tensors.get(tensors.size() - 1);
        return tensors.size() == 2 && last.columns() > 1
                ? new InferRequest(body, choices(tensors.get(0), last, most), last.columns())
                : new InferRequest(body, texts(tensors, most), 0);
    }

    /** A text and its choices, each of them a pair: {@code [n]} or {@code [n, 1]} and {@code [n, choices]}. */
    private static List<TextInput> choices(TextTensor first, TextTensor choices, int most) {
        if (first.columns() != 1 || first.rows() != choices.rows()) {
            throw bad("texts and their choices must have shapes [n] or [n, 1] and [n, choices] with the same n");
        }
        requireAtMost((long) choices.rows() * choices.columns(), most);
        List<TextInput> texts = new ArrayList<>();
        for (int choice = 0; choice < choices.values().size(); choice++) {
            String text = first.values().get(choice / choices.columns());
            if (choices.values().get(choice).isEmpty()) {
                throw bad("choices must not be empty");
            }
            texts.add(text(text, choices.values().get(choice)));
        }
        return texts;
    }

    /**
     * Refuses a request for another kind of model.
     *
     * @param wanted whether the model chooses
     */
    void requireChoices(boolean wanted) {
        if (wanted && choices == 0) {
            throw bad(
                    "the model chooses one of several texts: it takes an input of shape [n], and one of [n, choices]");
        }
        if (!wanted && choices > 0) {
            throw bad(PAIRS);
        }
    }

    private static void requireAtMost(long texts, int most) {
        if (texts > most) {
            throw bad("batch size " + texts + " > maximum allowed batch size " + most);
        }
    }

    private static int length(String header, int most) {
        try {
            int length = Integer.parseInt(header.strip());
            if (length >= 0 && length <= most) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw new RequestException(
                    ErrorType.BAD_REQUEST, JSON_LENGTH + " is no number: " + Printable.of(header), e);
        }
        throw bad(JSON_LENGTH + " is " + Printable.of(header) + ", but the body has " + most + " bytes");
    }

    /** No JSON at all: the body is the only string of the only input, and the answer's tensors are bytes, too. */
    private static InferRequest raw(byte[] bytes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("parameters").put("binary_data_output", true);
        return new InferRequest(
                new JsonBody(json), List.of(text(TextTensor.text("the body", ByteBuffer.wrap(bytes)), null)), 0);
    }

    private static List<TextInput> texts(List<TextTensor> tensors, int most) {
        TextTensor first = tensors.get(0);
        TextTensor second = tensors.get(tensors.size() - 1);
        boolean apart = tensors.size() == 2;
        if (apart && (first.columns() != 1 || second.columns() != 1 || first.rows() != second.rows())) {
            throw bad(PAIRS);
        }
        if (first.columns() > 2) {
            throw bad(first.name() + ": its shape must be [n] or [n, 1], or [n, 2] for pairs, n above 0");
        }
        requireAtMost(first.rows(), most);
        List<TextInput> texts = new ArrayList<>();
        for (int row = 0; row < first.rows(); row++) {
            String text = first.values().get(row * first.columns());
            if (apart) {
                texts.add(text(text, second.values().get(row)));
            } else {
                texts.add(text(text, first.columns() == 2 ? first.values().get(2 * row + 1) : null));
            }
        }
        return texts;
    }

    private static TextInput text(String text, String pair) {
        if (text.isEmpty()) {
            throw bad("the input's data must be strings that are not empty");
        }
        return new TextInput(text, pair);
    }

    /** Whether an output is to come as bytes: what it says of itself counts before what the request says of all. */
    boolean isBinary(String output) {
        boolean all = flag(body.json(), "binary_data_output", false);
        for (JsonNode asked : body.json().path("outputs")) {
            if (asked.path("name").asText().equals(output)) {
                return flag(asked, "binary_data", all);
            }
        }
        return all;
    }

    private static boolean flag(JsonNode asked, String name, boolean otherwise) {
        JsonNode value = asked.path("parameters").path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw bad("`" + name + "` must be true or false");
        }
        return value.booleanValue();
    }

    /**
     * The outputs that are asked for, in their order; none where nothing is said.
     *
     * @param known those that the model has
     * @throws RequestException when one is none of these
     */
    static List<JsonNode> outputs(JsonBody body, List<String> known) {
        JsonNode outputs = body.json().path("outputs");
        if (!outputs.isMissingNode() && !outputs.isNull() && !outputs.isArray()) {
            throw bad("`outputs` must be a list");
        }
        List<JsonNode> asked = new ArrayList<>();
        for (JsonNode output : outputs) {
            String name = output.path("name").asText();
            if (!known.contains(name)) {
                throw bad("there is no output \"" + Printable.of(name) + "\"; there are " + String.join(", ", known));
            }
            asked.add(output);
        }
        return asked;
    }

    private static RequestException bad(String message) {
        return new RequestException(ErrorType.BAD_REQUEST, message);
    }
}
