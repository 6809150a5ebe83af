package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.error.ErrorType;
import dev.ortune.server.error.RequestException;
import dev.ortune.server.model.BatchOptions;
import dev.ortune.server.model.ModelFolder;
import dev.ortune.server.model.Prediction;
import dev.ortune.server.model.TextInput;
import dev.ortune.server.model.Truncation;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Hugging Face's text-classification API: {@code POST /models/NAME}. The answer is a list of lists even for one text, as
 * their clients expect it; too long texts lose their ends, as with their pipelines.
 */
final class HuggingFaceRoutes {
    private final ModelStore models;
    private final BatchOptions options;

    HuggingFaceRoutes(ModelStore models, BatchOptions options) {
        this.models = models;
        this.options = options;
    }

    void classify(Context context) {
        try (Lease lease = models.lease(context.pathParam("name"))) {
            classify(context, lease);
        }
    }

    private void classify(Context context, Lease lease) {
        ModelFolder info = lease.model().info();
        JsonBody body = JsonBody.read(context);
        List<TextInput> texts = texts(body.required("inputs"));
        JsonNode given = body.json().path("parameters");
        if (!given.isMissingNode() && !given.isNull() && !given.isObject()) {
            throw JsonBody.invalid("`parameters` must be an object");
        }
        JsonBody parameters =
                new JsonBody(given instanceof ObjectNode object ? object : JsonBody.MAPPER.createObjectNode());
        Function<Prediction, double[]> function = function(parameters, info);
        int most = most(parameters, info.labels().size());
        Answers.answer(context, lease, texts, Truncation.RIGHT, predictions -> {
            ArrayNode lists = JsonBody.MAPPER.createArrayNode();
            predictions.forEach(prediction -> lists.add(Scores.list(info.labels(), function.apply(prediction), most)));
            return lists;
        });
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
            throw JsonBody.tooMany(texts.size(), options.maxClientBatchSize());
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
