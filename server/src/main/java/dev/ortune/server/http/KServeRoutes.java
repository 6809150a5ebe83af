package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.ModelFolder;
import dev.ortune.server.Version;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The Open Inference Protocol, version 2, over REST, as KServe and Triton speak it
 * (github.com/kserve/open-inference-protocol): texts go in as one BYTES tensor, pairs
 * of them as one or two; what comes out is the model's task's. Tensors are JSON or, by Triton's extension, bytes behind it.
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
                .add("classification")
                .add("binary_tensor_data");
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
        TaskApi api = TaskApi.of(info.task());
        api.describeInputs(json.putArray("inputs"));
        api.describeOutputs(json.putArray("outputs"));
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
        InferRequest request = InferRequest.read(context, options.maxClientBatchSize());
        TaskApi api = TaskApi.of(info.task());
        request.requireChoices(api.takesChoices());
        api.requireTakes(request.texts());
        Function<List<Prediction>, List<OutputTensor>> outputs =
                asBadRequest(() -> api.openInference(request.body(), request.texts()));
        Map<String, Boolean> binary = new HashMap<>();
        api.outputs().forEach(output -> binary.put(output, request.isBinary(output)));
        Answers.write(
                context,
                lease,
                request.texts(),
                model -> asBadRequest(
                        () -> api.encoding(request.body(), request.texts()).apply(model)),
                options.maxClientBatchSize(),
                predictions -> write(context, head(info, request.body()), outputs.apply(predictions), binary));
    }

    private static ObjectNode head(ModelFolder info, JsonBody body) {
        ObjectNode json = JsonBody.MAPPER.createObjectNode();
        json.put("model_name", info.name()).put("model_version", Integer.toString(info.version()));
        JsonNode id = body.json().path("id");
        if (id.isTextual()) {
            json.put("id", id.textValue());
        }
        return json;
    }

    /** As JSON, behind which those outputs come that are wanted as bytes. */
    private static void write(
            Context context, ObjectNode head, List<OutputTensor> outputs, Map<String, Boolean> binary) {
        ArrayNode list = head.putArray("outputs");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean anyBinary = false;
        for (OutputTensor output : outputs) {
            if (binary.getOrDefault(output.name(), false)) {
                bytes.writeBytes(output.addBinaryTo(list));
                anyBinary = true;
            } else {
                output.addTo(list);
            }
        }
        if (!anyBinary) {
            Answers.write(context, head);
            return;
        }
        byte[] json = head.toString().getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(json, json.length + bytes.size());
        System.arraycopy(bytes.toByteArray(), 0, body, json.length, bytes.size());
        context.header(InferRequest.JSON_LENGTH, Integer.toString(json.length));
        context.contentType("application/octet-stream").result(body);
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
}
