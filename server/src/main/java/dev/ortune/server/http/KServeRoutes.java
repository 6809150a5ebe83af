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
import dev.ortune.server.model.ServedModel;
import dev.ortune.server.model.TextInput;
import dev.ortune.server.model.Truncation;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Open Inference Protocol, version 2, over REST, as KServe and Triton speak it
 * (github.com/kserve/open-inference-protocol): texts go in as one BYTES tensor, and {@code probabilities} and
 * {@code label} come out.
 */
final class KServeRoutes {
    private static final String PROBABILITIES = "probabilities";
    private static final String LABEL = "label";

    /** The number of the likeliest label. */
    private static final String NUMBER = "output-0";

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
        tensor(json.putArray("inputs").addObject(), "text", "BYTES", -1);
        ArrayNode outputs = json.putArray("outputs");
        tensor(outputs.addObject(), PROBABILITIES, "FP32", -1, info.labels().size());
        tensor(outputs.addObject(), LABEL, "BYTES", -1);
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
        ServedModel model = lease.model();
        JsonBody body = body(context);
        List<TextInput> texts = texts(body);
        Map<String, Integer> wanted = wanted(body, model.info().labels().size());
        Answers.answer(
                context, lease, texts, Truncation.RIGHT, predictions -> response(model, body, wanted, predictions));
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

    /**
     * The outputs to give by their names, each with how many classes it is to list of a text, the likeliest first; 0 for its
     * plain form. What {@code classification} of the request says counts for the output {@value #LABEL}, unless that says otherwise.
     */
    private static Map<String, Integer> wanted(JsonBody body, int labels) {
        int most = most(body.json(), labels);
        Map<String, Integer> outputs = new LinkedHashMap<>();
        for (JsonNode output : body.json().path("outputs")) {
            String name = output.path("name").asText();
            int own = most(output, labels);
            if (List.of(PROBABILITIES, LABEL, NUMBER).contains(name)) {
                outputs.put(name, own == 0 && name.equals(LABEL) ? most : own);
            }
        }
        if (body.json().path("outputs").isEmpty()) {
            outputs.put(PROBABILITIES, 0);
            outputs.put(LABEL, most);
        }
        return outputs;
    }

    /** By Triton's classification extension, of a request or of one of its outputs. */
    private static int most(JsonNode asked, int labels) {
        JsonNode classification = asked.at("/parameters/classification");
        if (classification.isMissingNode() || classification.isNull()) {
            return 0;
        }
        if (!classification.isIntegralNumber() || classification.asInt() < 1) {
            throw bad("`classification` must be a whole number above 0");
        }
        return Math.min(labels, classification.asInt());
    }

    private static JsonNode response(
            ServedModel model, JsonBody body, Map<String, Integer> wanted, List<Prediction> predictions) {
        ModelFolder info = model.info();
        ObjectNode json = JsonBody.MAPPER.createObjectNode();
        json.put("model_name", info.name()).put("model_version", Integer.toString(info.version()));
        JsonNode id = body.json().path("id");
        if (id.isTextual()) {
            json.put("id", id.textValue());
        }
        List<double[]> shares = predictions.stream().map(model::shares).toList();
        ArrayNode outputs = json.putArray("outputs");
        wanted.forEach((name, most) -> {
            if (most > 0) {
                addClasses(outputs.addObject(), name, most, info.labels(), shares);
            } else {
                addPlain(outputs.addObject(), name, info.labels(), shares);
            }
        });
        return json;
    }

    private static void addPlain(ObjectNode output, String name, List<String> labels, List<double[]> shares) {
        int n = shares.size();
        switch (name) {
            case PROBABILITIES -> {
                ArrayNode data = tensor(output, name, "FP32", n, labels.size());
                shares.forEach(row -> Arrays.stream(row).forEach(share -> data.add((float) share)));
            }
            case LABEL -> {
                ArrayNode data = tensor(output, name, "BYTES", n);
                shares.forEach(row -> data.add(labels.get(best(row))));
            }
            default -> {
                ArrayNode data = tensor(output, name, "INT64", n);
                shares.forEach(row -> data.add((long) best(row)));
            }
        }
    }

    /** In Triton's form: score, number and name. */
    private static void addClasses(
            ObjectNode output, String name, int most, List<String> labels, List<double[]> shares) {
        ArrayNode data = tensor(output, name, "BYTES", shares.size(), most);
        for (double[] row : shares) {
            for (JsonNode score : Scores.list(labels, row, most)) {
                String label = score.path("label").asText();
                data.add(score.path("score").asText() + ":" + labels.indexOf(label) + ":" + label);
            }
        }
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
