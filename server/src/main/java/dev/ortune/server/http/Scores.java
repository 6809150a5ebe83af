package dev.ortune.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Labels with their scores, as text-embeddings-inference and Hugging Face's API list them: the highest first. */
final class Scores {
    private Scores() {}

    /**
     * The list of a text.
     *
     * @param scores {@code [labels]}
     * @param most how many to list
     */
    static ArrayNode list(List<String> labels, double[] scores, int most) {
        ArrayNode list = JsonBody.MAPPER.createArrayNode();
        IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer label) -> -scores[label]))
                .limit(most)
                .forEach(label ->
                        list.addObject().put("score", (float) scores[label]).put("label", labels.get(label)));
        return list;
    }

    /** Logits as they are. */
    static double[] raw(float[] logits) {
        double[] scores = new double[logits.length];
        for (int label = 0; label < scores.length; label++) {
            scores[label] = logits[label];
        }
        return scores;
    }
}
