package dev.ortune.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.LabelScores;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Labels with their scores, as text-embeddings-inference and Hugging Face's API list them: the highest first. */
final class Scores {
    private Scores() {}

    /**
     * The list of a text.
     *
     * @param most how many to list
     */
    static ArrayNode list(LabelScores answer, int most) {
        ArrayNode list = JsonBody.MAPPER.createArrayNode();
        double[] scores = answer.scores();
        IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer label) -> -scores[label]))
                .limit(most)
                .forEach(label -> list.addObject()
                        .put("score", (float) scores[label])
                        .put("label", answer.labels().get(label)));
        return list;
    }

    /** The labels' names by their numbers, and the other way round. */
    static void describe(ObjectNode model, List<String> labels) {
        ObjectNode names = model.putObject("id2label");
        ObjectNode ids = model.putObject("label2id");
        for (int id = 0; id < labels.size(); id++) {
            names.put(Integer.toString(id), labels.get(id));
            ids.put(labels.get(id), id);
        }
    }
}
