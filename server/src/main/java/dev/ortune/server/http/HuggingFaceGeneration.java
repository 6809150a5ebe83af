package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.GeneratedToken;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.Sampling;
import java.util.List;

/** Written texts as text-generation-inference tells them, and Hugging Face's API, which has the whole one in a list. */
final class HuggingFaceGeneration implements GenerationForm {
    private static final String GENERATED = "generated_text";

    private final GenerationRequest request;
    private final String before;
    private final boolean list;
    private int told;

    /**
     * Of one request.
     *
     * @param before what stands before what was added
     * @param list whether the whole text comes in a list
     */
    HuggingFaceGeneration(GenerationRequest request, String before, boolean list) {
        this.request = request;
        this.before = before;
        this.list = list;
    }

    @Override
    public JsonNode whole(GeneratedText generated) {
        ObjectNode json = JsonBody.MAPPER.createObjectNode();
        json.put(GENERATED, before + generated.text());
        if (request.details()) {
            ObjectNode details = ended(generated);
            details.putArray("prefill");
            ArrayNode tokens = details.putArray("tokens");
            generated.tokens().forEach(token -> tokens.add(json(token)));
            json.set("details", details);
        }
        return list ? JsonBody.MAPPER.createArrayNode().add(json) : json;
    }

    @Override
    public List<String> added(GeneratedToken token, GeneratedText whole) {
        told++;
        ObjectNode json = JsonBody.MAPPER.createObjectNode().put("index", told);
        json.set("token", json(token));
        if (whole == null) {
            json.putNull(GENERATED).putNull("details");
        } else {
            json.put(GENERATED, before + whole.text()).set("details", ended(whole));
        }
        return List.of(json.toString());
    }

    @Override
    public String failed(RequestException failure) {
        return JsonBody.MAPPER
                .createObjectNode()
                .put("error", failure.getMessage())
                .put("error_type", failure.type().wireName())
                .toString();
    }

    private ObjectNode ended(GeneratedText generated) {
        ObjectNode details = JsonBody.MAPPER.createObjectNode();
        details.put("finish_reason", generated.reason().wireName())
                .put("generated_tokens", generated.tokens().size())
                .put("input_length", generated.promptTokens());
        Sampling sampling = request.parameters().sampling();
        return sampling == null ? details.putNull("seed") : details.put("seed", sampling.seed());
    }

    private static ObjectNode json(GeneratedToken token) {
        return JsonBody.MAPPER
                .createObjectNode()
                .put("id", token.id())
                .put("text", token.text())
                .put("logprob", token.logprob())
                .put("special", token.special());
    }
}
