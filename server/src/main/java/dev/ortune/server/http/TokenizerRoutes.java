package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.text.TextToken;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.http.Context;
import java.util.List;

/** {@code POST /tokenize} and {@code /decode} of text-embeddings-inference: texts to tokens and back. */
final class TokenizerRoutes {
    private final ModelStore models;
    private final BatchOptions options;

    TokenizerRoutes(ModelStore models, BatchOptions options) {
        this.models = models;
        this.options = options;
    }

    void tokenize(Context context) {
        JsonBody body = JsonBody.read(context);
        JsonNode inputs = body.required("inputs");
        boolean special = body.flag("add_special_tokens", true);
        if (!body.text("prompt_name", "").isEmpty()) {
            throw JsonBody.invalid("`prompt_name` is not supported: classifiers have no prompts");
        }
        try (Lease lease = ModelChoice.lease(context, models)) {
            ArrayNode lists = JsonBody.MAPPER.createArrayNode();
            for (JsonNode input : list(inputs, inputs.isArray())) {
                if (!input.isTextual()) {
                    throw JsonBody.invalid("`inputs` must be a string or a list of strings");
                }
                if (input.textValue().isEmpty()) {
                    throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
                }
                ArrayNode tokens = lists.addArray();
                lease.model().tokenize(input.textValue(), special).forEach(token -> add(tokens.addObject(), token));
            }
            Answers.write(context, lists);
        }
    }

    private static void add(ObjectNode json, TextToken token) {
        json.put("id", token.id()).put("text", token.text()).put("special", token.special());
        if (token.special()) {
            json.putNull("start").putNull("stop");
        } else {
            json.put("start", token.start()).put("stop", token.stop());
        }
    }

    void decode(Context context) {
        JsonBody body = JsonBody.read(context);
        JsonNode ids = body.required("ids");
        boolean skip = body.flag("skip_special_tokens", true);
        boolean several = ids.isArray() && ids.path(0).isArray();
        try (Lease lease = ModelChoice.lease(context, models)) {
            ArrayNode texts = JsonBody.MAPPER.createArrayNode();
            for (JsonNode one : list(ids, several)) {
                texts.add(decode(lease.model(), one, skip));
            }
            Answers.write(context, texts);
        }
    }

    private static String decode(ServedModel model, JsonNode ids, boolean skip) {
        if (!ids.isArray()) {
            throw JsonBody.invalid("`ids` must be a list of whole numbers or a list of such lists");
        }
        long[] numbers = new long[ids.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode id = ids.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw JsonBody.invalid("`ids` must be a list of whole numbers or a list of such lists");
            }
            numbers[i] = id.intValue();
        }
        return model.decode(numbers, skip);
    }

    private Iterable<JsonNode> list(JsonNode inputs, boolean several) {
        if (!several) {
            return List.of(inputs);
        }
        if (inputs.isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        if (inputs.size() > options.maxClientBatchSize()) {
            throw JsonBody.tooMany(inputs.size(), options.maxClientBatchSize());
        }
        return inputs;
    }
}
