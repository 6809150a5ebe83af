package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.ModelFolder;
import dev.ortune.predictor.task.SequenceClassification;
import dev.ortune.predictor.text.Truncation;
import dev.ortune.server.Version;
import dev.ortune.server.jetty.Exchange;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The API of text-embeddings-inference for classifiers ({@code POST /predict}, {@code GET /info}); of several models the
 * one that {@value ModelChoice#HEADER} names (github.com/huggingface/text-embeddings-inference).
 */
final class TeiRoutes {
    private final ModelStore models;
    private final BatchOptions options;
    private final HuggingFaceRoutes huggingFace;

    TeiRoutes(ModelStore models, BatchOptions options, HuggingFaceRoutes huggingFace) {
        this.models = models;
        this.options = options;
        this.huggingFace = huggingFace;
    }

    void predict(Context context) {
        JsonBody body = JsonBody.read(context);
        try (Lease lease = ModelChoice.lease(context, models)) {
            predict(context, body, lease);
        }
    }

    /**
     * What {@code POST /} and {@code /invocations} are there: the same as {@code /predict}. Hugging Face's clients, given this
     * address for their own API's, are told by their parameters, which they always send, and by a task that has no other API.
     */
    void root(Context context) {
        JsonBody body = JsonBody.read(context);
        try (Lease lease = ModelChoice.lease(context, models)) {
            if (body.json().has("parameters") || !(lease.model().info().task() instanceof SequenceClassification)) {
                huggingFace.ask(context, body, lease);
            } else {
                predict(context, body, lease);
            }
        }
    }

    private void predict(Context context, JsonBody body, Lease lease) {
        JsonNode inputs = body.required("inputs");
        boolean batch = inputs.isArray() && inputs.size() > 0 && inputs.get(0).isArray();
        if (batch) {
            Exchange.of(context.req()).batched();
        }
        List<TextInput> texts = batch ? batch(inputs) : List.of(single(inputs));
        boolean raw = body.flag("raw_scores", false);
        Function<Prediction, JsonNode> answer =
                TaskApi.of(lease.model().info().task()).textEmbeddingsInference(raw);
        Answers.answer(context, lease, texts, truncation(body), predictions -> {
            ArrayNode lists = JsonBody.MAPPER.createArrayNode();
            predictions.forEach(prediction -> lists.add(answer.apply(prediction)));
            return batch ? lists : lists.get(0);
        });
    }

    private List<TextInput> batch(JsonNode inputs) {
        if (inputs.size() > options.maxClientBatchSize()) {
            throw JsonBody.tooMany(inputs.size(), options.maxClientBatchSize());
        }
        List<TextInput> texts = new ArrayList<>();
        for (JsonNode input : inputs) {
            if (!input.isArray()) {
                throw JsonBody.invalid("`inputs` must be a string, a pair of strings or a list of lists of those");
            }
            texts.add(single(input));
        }
        return texts;
    }

    /** A string, alone or in a list, or a list of two that are a pair. */
    private static TextInput single(JsonNode input) {
        if (input.isTextual()) {
            return checked(input.textValue(), null);
        }
        if (input.isArray() && input.isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        if (input.isArray() && input.size() == 1 && input.get(0).isTextual()) {
            return checked(input.get(0).textValue(), null);
        }
        if (input.isArray()
                && input.size() == 2
                && input.get(0).isTextual()
                && input.get(1).isTextual()) {
            return checked(input.get(0).textValue(), input.get(1).textValue());
        }
        throw JsonBody.invalid("`inputs` must be a string, a pair of strings or a list of lists of those");
    }

    private static TextInput checked(String text, String pair) {
        if (text.isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        return new TextInput(text, pair);
    }

    private static Truncation truncation(JsonBody body) {
        String direction = body.text("truncation_direction", "right").toLowerCase(Locale.ROOT);
        if (!direction.equals("right") && !direction.equals("left")) {
            throw JsonBody.invalid("`truncation_direction` must be left or right");
        }
        if (!body.flag("truncate", false)) {
            return Truncation.NONE;
        }
        return direction.equals("left") ? Truncation.LEFT : Truncation.RIGHT;
    }

    void info(Context context) {
        try (Lease lease = ModelChoice.lease(context, models)) {
            Answers.write(context, info(lease.model().info()));
        }
    }

    private ObjectNode info(ModelFolder info) {
        ObjectNode json = JsonBody.MAPPER.createObjectNode();
        json.put("model_id", info.name()).put("model_sha", info.sha256().isEmpty() ? null : info.sha256());
        json.put("model_dtype", info.precision());
        TaskApi.of(info.task()).describeModelType(json.putObject("model_type"));
        json.put("max_concurrent_requests", options.maxConcurrentRequests())
                .put("max_input_length", info.maxLength())
                .put("max_batch_tokens", options.maxBatchTokens())
                .putNull("max_batch_requests")
                .put("max_client_batch_size", options.maxClientBatchSize())
                .put("auto_truncate", false)
                .put("tokenization_workers", Runtime.getRuntime().availableProcessors())
                .put("version", Version.ortune());
        return json;
    }
}
