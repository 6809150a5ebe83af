package dev.ortune.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.TinyClassifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A request to a {@link TinyClassifier} called {@code tiny}, with the probabilities that its answer has to hold.
 *
 * @param path of the route
 * @param json the request's body
 * @param expected of each text, for each label, {@code [texts][labels]}
 * @param api which form the answer has
 */
public record Question(String path, String json, List<double[]> expected, Api api) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double EXACT = 1e-5;

    /** The APIs. */
    public enum Api {
        TEI,
        TEI_BATCH,
        HUGGING_FACE,
        KSERVE
    }

    /** Of any API, one text or several, of one word to the most that the model takes. */
    public static Question any(Random random) {
        Api api = Api.values()[random.nextInt(Api.values().length)];
        int texts = api == Api.TEI ? 1 : 1 + random.nextInt(8);
        List<String> quoted = new ArrayList<>();
        List<double[]> expected = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            int[] words = random.ints(1 + random.nextInt(TinyClassifier.MAX_LENGTH), 0, 40)
                    .toArray();
            quoted.add(Arrays.stream(words).mapToObj(word -> "w" + word).collect(Collectors.joining(" ", "\"", "\"")));
            expected.add(TinyClassifier.probabilities(words));
        }
        String list = String.join(", ", quoted);
        return switch (api) {
            case TEI -> new Question("/predict", "{\"inputs\": " + list + "}", expected, api);
            case TEI_BATCH ->
                new Question(
                        "/predict",
                        quoted.stream().collect(Collectors.joining("], [", "{\"inputs\": [[", "]]}")),
                        expected,
                        api);
            case HUGGING_FACE -> new Question("/models/tiny", "{\"inputs\": [" + list + "]}", expected, api);
            case KSERVE ->
                new Question(
                        "/v2/models/tiny/infer",
                        "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [" + texts
                                + "], \"data\": [" + list + "]}]}",
                        expected,
                        api);
        };
    }

    /** Whether an answer is this question's. */
    public boolean isAnsweredBy(String body) throws JsonProcessingException {
        JsonNode answer = JSON.readTree(body);
        if (api != Api.TEI && api != Api.KSERVE && answer.size() != expected.size()) {
            return false;
        }
        for (int text = 0; text < expected.size(); text++) {
            for (int label = 0; label < TinyClassifier.LABELS.size(); label++) {
                if (!(Math.abs(share(answer, text, label) - expected.get(text)[label]) < EXACT)) {
                    return false;
                }
            }
        }
        return true;
    }

    private double share(JsonNode answer, int text, int label) {
        if (api == Api.KSERVE) {
            JsonNode data = answer.at("/outputs/0/data");
            return data.path(text * TinyClassifier.LABELS.size() + label).asDouble(Double.NaN);
        }
        for (JsonNode score : api == Api.TEI ? answer : answer.path(text)) {
            if (score.path("label").asText().equals(TinyClassifier.LABELS.get(label))) {
                return score.path("score").asDouble(Double.NaN);
            }
        }
        return Double.NaN;
    }
}
