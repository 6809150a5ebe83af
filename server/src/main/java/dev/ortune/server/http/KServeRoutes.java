package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.Version;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The Open Inference Protocol, version 2, over REST, as KServe and Triton speak it
 * (github.com/kserve/open-inference-protocol): texts go in as one BYTES tensor, and {@code probabilities} and
 * {@code label} come out.
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
        json.put("name", "ortune").put("version", Version.ortune()).putArray("extensions");
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
        tensor(json.putArray("inputs").addObject(), "text", "BYTES", -1);
        ArrayNode outputs = json.putArray("outputs");
        tensor(outputs.addObject(), "probabilities", "FP32", -1, info.labels().size());
        tensor(outputs.addObject(), "label", "BYTES", -1);
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
        JsonBody body = body(context);
        List<TextInput> texts = texts(body);
        Set<String> wanted = wanted(body);
        int most =
                most(body.json().at("/parameters/classification"), info.labels().size());
        Answers.answer(
                context,
                lease,
                texts,
                Truncation.RIGHT,
                predictions -> response(info, body, wanted, most, predictions));
    }

    /** This protocol knows no 422. */
    private static JsonBody body(Context context) {
        try {
            return JsonBody.read(context);
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

    private static Set<String> wanted(JsonBody body) {
        Set<String> names = new HashSet<>();
        body.json()
                .path("outputs")
                .forEach(output -> names.add(output.path("name").asText()));
        return names.isEmpty() ? Set.of("probabilities", "label") : names;
    }

    private static int most(JsonNode classification, int labels) {
        if (classification.isMissingNode() || classification.isNull()) {
            return 0;
        }
        if (!classification.isIntegralNumber() || classification.asInt() < 1) {
            throw bad("`classification` must be a whole number above 0");
        }
        return Math.min(labels, classification.asInt());
    }

    private static JsonNode response(
            ModelFolder info, JsonBody body, Set<String> wanted, int most, List<Prediction> predictions) {
        ObjectNode json = JsonBody.MAPPER.createObjectNode();
        json.put("model_name", info.name()).put("model_version", Integer.toString(info.version()));
        JsonNode id = body.json().path("id");
        if (id.isTextual()) {
            json.put("id", id.textValue());
        }
        List<double[]> shares = predictions.stream()
                .map(prediction -> info.multiLabel() ? prediction.sigmoid() : prediction.softmax())
                .toList();
        ArrayNode outputs = json.putArray("outputs");
        int n = predictions.size();
        if (wanted.contains("probabilities")) {
            ArrayNode data = tensor(
                    outputs.addObject(),
                    "probabilities",
                    "FP32",
                    n,
                    info.labels().size());
            shares.forEach(row -> java.util.Arrays.stream(row).forEach(share -> data.add((float) share)));
        }
        if (wanted.contains("label")) {
            ArrayNode data = most == 0
                    ? tensor(outputs.addObject(), "label", "BYTES", n)
                    : tensor(outputs.addObject(), "label", "BYTES", n, most);
            shares.forEach(row -> Scores.list(info.labels(), row, Math.max(1, most))
                    .forEach(score -> data.add(label(score, info, most))));
        }
        if (wanted.contains("output-0")) {
            ArrayNode data = tensor(outputs.addObject(), "output-0", "INT64", n);
            shares.forEach(row -> data.add((long) best(row)));
        }
        return json;
    }

    /** With {@code classification}, Triton's form: score, number and name. */
    private static String label(JsonNode score, ModelFolder info, int most) {
        String name = score.path("label").asText();
        return most == 0
                ? name
                : score.path("score").asText() + ":" + info.labels().indexOf(name) + ":" + name;
    }

    private static int best(double[] row) {
        int best = 0;
        for (int label = 1; label < row.length; label++) {
            best = row[label] > row[best] ? label : best;
        }
        return best;
    }

    private static ArrayNode tensor(ObjectNode tensor, String name, String datatype, long... shape) {
        tensor.put("name", name).put("datatype", datatype);
        ArrayNode dims = tensor.putArray("shape");
        for (long dim : shape) {
            dims.add(dim);
        }
        return shape[0] < 0 ? null : tensor.putArray("data");
    }

    private static RequestException bad(String message) {
        return new RequestException(ErrorType.BAD_REQUEST, message);
    }
}
