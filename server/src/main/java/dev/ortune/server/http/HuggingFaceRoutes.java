package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.error.ErrorType;
import dev.ortune.server.error.RequestException;
import dev.ortune.server.model.BatchOptions;
import dev.ortune.server.model.ModelFolder;
import dev.ortune.server.model.Prediction;
import dev.ortune.server.model.ServedModel;
import dev.ortune.server.model.TextInput;
import dev.ortune.server.model.Truncation;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Hugging Face's text-classification API: {@code POST /models/NAME}. The answer is a list of lists even for one text, as
 * their clients expect it; too long texts lose their ends, as with their pipelines.
 */
final class HuggingFaceRoutes {
    private final Map<String, ServedModel> models;
    private final BatchOptions options;

    HuggingFaceRoutes(Map<String, ServedModel> models, BatchOptions options) {
        this.models = models;
        this.options = options;
    }

    void classify(Context context) {
        ServedModel model = model(context.pathParam("name"));
        JsonBody body = JsonBody.read(context);
        List<TextInput> texts = texts(body.required("inputs"));
        JsonNode given = body.json().path("parameters");
        if (!given.isMissingNode() && !given.isNull() && !given.isObject()) {
            throw JsonBody.invalid("`parameters` must be an object");
        }
        JsonBody parameters =
                new JsonBody(given instanceof ObjectNode object ? object : JsonBody.MAPPER.createObjectNode());
        Function<Prediction, double[]> function = function(parameters, model.info());
        int most = most(parameters, model.info().labels().size());
        Answers.answer(context, model, texts, Truncation.RIGHT, predictions -> {
            ArrayNode lists = JsonBody.MAPPER.createArrayNode();
            predictions.forEach(
                    prediction -> lists.add(Scores.list(model.info().labels(), function.apply(prediction), most)));
            return lists;
        });
    }

    private ServedModel model(String name) {
        ServedModel model = models.get(name);
        if (model == null) {
            throw new RequestException(
                    ErrorType.NOT_FOUND, "no such model; there are " + String.join(", ", models.keySet()));
        }
        return model;
    }

    private List<TextInput> texts(JsonNode inputs) {
        List<TextInput> texts = new ArrayList<>();
        for (JsonNode input : inputs.isArray() ? inputs : List.of(inputs)) {
            if (!input.isTextual()) {
                throw JsonBody.invalid("`inputs` must be a string or a list of strings");
            }
            if (input.textValue().isEmpty()) {
                throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
            }
            texts.add(TextInput.of(input.textValue()));
        }
        if (texts.isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        if (texts.size() > options.maxClientBatchSize()) {
            throw JsonBody.invalid(
                    "batch size " + texts.size() + " > maximum allowed batch size " + options.maxClientBatchSize());
        }
        return texts;
    }

    private static Function<Prediction, double[]> function(JsonBody parameters, ModelFolder info) {
        String otherwise = info.multiLabel() ? "sigmoid" : "softmax";
        return switch (parameters.text("function_to_apply", otherwise)) {
            case "softmax" -> Prediction::softmax;
            case "sigmoid" -> Prediction::sigmoid;
            case "none" -> prediction -> Scores.raw(prediction.logits());
            default -> throw JsonBody.invalid("`function_to_apply` must be softmax, sigmoid or none");
        };
    }

    private static int most(JsonBody parameters, int labels) {
        JsonNode most = parameters.json().path("top_k");
        if (most.isMissingNode() || most.isNull()) {
            return labels;
        }
        if (!most.isIntegralNumber() || !most.canConvertToInt() || most.intValue() < 1) {
            throw JsonBody.invalid("`top_k` must be a whole number above 0");
        }
        return most.intValue();
    }
}
