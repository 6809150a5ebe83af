package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.Version;
import dev.ortune.server.batch.Prediction;
import dev.ortune.server.error.ErrorType;
import dev.ortune.server.error.RequestException;
import dev.ortune.server.model.BatchOptions;
import dev.ortune.server.model.ModelFolder;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import dev.ortune.server.text.TextInput;
import dev.ortune.server.text.Truncation;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The Open Inference Protocol, version 2, over REST, as KServe and Triton speak it
 * (github.com/kserve/open-inference-protocol): texts go in as one BYTES tensor; what comes out is the model's task's.
 */
final class KServeRoutes {
    private final ModelStore models;
    private final BatchOptions options;

    KServeRoutes(ModelStore models, BatchOptions options) {
        this.models = models;
        this.options = options;
    }

    void server(Context context) {
        ObjectNode json = JsonBody.MAPPER.createObjectNode();
        json.put("name", "ortune")
                .put("version", Version.ortune())
                .putArray("extensions")
                .add("classification");
        Answers.write(context, json);
    }

    void model(Context context) {
        try (Lease lease = find(context)) {
            Answers.write(context, metadata(lease.model().info()));
        }
    }

    private ObjectNode metadata(ModelFolder info) {
        ObjectNode json = JsonBody.MAPPER.createObjectNode().put("name", info.name());
        ArrayNode versions = json.putArray("versions");
        models.versions(info.name()).forEach(version -> versions.add(version.toString()));
        json.put("platform", "onnxruntime_onnx");
        Tensors.describe(json.putArray("inputs").addObject(), "text", "BYTES", -1);
        TaskApi.of(info.task()).describeOutputs(json.putArray("outputs"));
        return json;
    }

    void ready(Context context) {
        try (Lease lease = find(context)) {
            ObjectNode json =
                    JsonBody.MAPPER.createObjectNode().put("name", lease.model().name());
            Answers.write(context, json.put("ready", true));
        }
    }

    void infer(Context context) {
        try (Lease lease = find(context)) {
            infer(context, lease);
        }
    }

    private void infer(Context context, Lease lease) {
        ModelFolder info = lease.model().info();
        JsonBody body = asBadRequest(() -> JsonBody.read(context));
        List<TextInput> texts = texts(body);
        Function<List<Prediction>, ArrayNode> outputs =
                asBadRequest(() -> TaskApi.of(info.task()).openInference(body));
        Answers.answer(context, lease, texts, Truncation.RIGHT, predictions -> {
            ObjectNode json = JsonBody.MAPPER.createObjectNode();
            json.put("model_name", info.name()).put("model_version", Integer.toString(info.version()));
            JsonNode id = body.json().path("id");
            if (id.isTextual()) {
                json.put("id", id.textValue());
            }
            json.set("outputs", outputs.apply(predictions));
            return json;
        });
    }

    /** This protocol knows no 422. */
    private static <T> T asBadRequest(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RequestException e) {
            throw new RequestException(ErrorType.BAD_REQUEST, e.getMessage(), e);
        }
    }

    private Lease find(Context context) {
        String name = context.pathParam("name");
        String version = context.pathParamMap().get("version");
        return version == null ? models.lease(name) : models.lease(name, version);
    }

    private List<TextInput> texts(JsonBody body) {
        JsonNode inputs = body.json().path("inputs");
        if (!inputs.isArray() || inputs.size() != 1) {
            throw bad("there must be one input tensor");
        }
        JsonNode input = inputs.get(0);
        if (!input.path("datatype").asText().equals("BYTES")) {
            throw bad("the input's datatype must be BYTES");
        }
        List<TextInput> texts = new ArrayList<>();
        for (JsonNode row : input.path("data")) {
            JsonNode text = row.isArray() && row.size() == 1 ? row.get(0) : row;
            if (!text.isTextual() || text.textValue().isEmpty()) {
                throw bad("the input's data must be strings that are not empty");
            }
            texts.add(TextInput.of(text.textValue()));
        }
        requireShape(input.path("shape"), texts.size());
        return texts;
    }

    private void requireShape(JsonNode shape, int texts) {
        boolean fits = shape.isArray()
                && (shape.size() == 1 || (shape.size() == 2 && shape.get(1).asInt() == 1))
                && shape.get(0).isIntegralNumber()
                && shape.get(0).asInt() == texts;
        if (!fits || texts == 0) {
            throw bad("the input's shape must be [n] or [n, 1], and its data n strings, n above 0");
        }
        if (texts > options.maxClientBatchSize()) {
            throw bad("batch size " + texts + " > maximum allowed batch size " + options.maxClientBatchSize());
        }
    }

    private static RequestException bad(String message) {
        return new RequestException(ErrorType.BAD_REQUEST, message);
    }
}
