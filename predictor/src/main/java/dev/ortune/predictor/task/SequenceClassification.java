package dev.ortune.predictor.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.LabelScores;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.files.Printable;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Labels for a text, or for a pair of texts.
 *
 * @param labels their names
 * @param function makes scores of the logits, where a request does not ask for another
 * @param thresholds where labels do not exclude each other the probability from which each is given, in the labels' order;
 *     empty where they do, or where there is nothing to be given
 */
public record SequenceClassification(List<String> labels, ScoreFunction function, List<Double> thresholds)
        implements Task {
    /** Where config.json names none. */
    private static final double THRESHOLD = 0.5;

    public SequenceClassification {
        labels = List.copyOf(labels);
        thresholds = List.copyOf(thresholds);
    }

    /**
     * As transformers' pipeline chooses the function: one label has nothing to be weighed against.
     *
     * @param file config.json
     * @throws OrtuneException when a threshold is no probability
     */
    static SequenceClassification of(Path file, ObjectNode config, List<String> labels) {
        return switch (config.path("problem_type").asText()) {
            case "regression" -> new SequenceClassification(labels, ScoreFunction.NONE, List.of());
            case "multi_label_classification" ->
                new SequenceClassification(labels, ScoreFunction.SIGMOID, thresholds(file, config, labels));
            default ->
                new SequenceClassification(
                        labels, labels.size() == 1 ? ScoreFunction.SIGMOID : ScoreFunction.SOFTMAX, List.of());
        };
    }

    /** By label under {@code thresholds}, a key of Ortune's that transformers keeps and does not read. */
    private static List<Double> thresholds(Path file, ObjectNode config, List<String> labels) {
        JsonNode named = config.path("thresholds");
        return labels.stream()
                .map(label -> {
                    double value = named.path(label).asDouble(named.has(label) ? Double.NaN : THRESHOLD);
                    if (!(value >= 0 && value <= 1)) {
                        throw new OrtuneException(file + ": the threshold of " + Printable.of(label)
                                + " must be from 0 to 1, not "
                                + Printable.of(named.path(label).toString()));
                    }
                    return value;
                })
                .toList();
    }

    /** Whether the labels do not exclude each other. */
    public boolean multiLabel() {
        return !thresholds.isEmpty();
    }

    @Override
    public String pipelineTag() {
        return "text-classification";
    }

    @Override
    public OutputShape output() {
        return OutputShape.TEXT;
    }

    @Override
    public boolean namesTokens() {
        return false;
    }

    /** Whether scores are probabilities; otherwise they are numbers to be told as they are. */
    public boolean givesProbabilities() {
        return function != ScoreFunction.NONE;
    }

    @Override
    public LabelScores answer(Prediction prediction) {
        return answer(prediction, function);
    }

    /** With another function. */
    public LabelScores answer(Prediction prediction, ScoreFunction other) {
        float[] logits = prediction.logits();
        return new LabelScores(
                labels, other.apply(logits), logits, best(logits), other != ScoreFunction.NONE, given(logits));
    }

    /** The labels whose probability reaches their threshold. */
    private List<Integer> given(float[] logits) {
        if (!multiLabel()) {
            return null;
        }
        double[] probabilities = ScoreFunction.SIGMOID.apply(logits);
        return IntStream.range(0, probabilities.length)
                .filter(label -> probabilities[label] >= thresholds.get(label))
                .boxed()
                .toList();
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int label = 1; label < logits.length; label++) {
            best = logits[label] > logits[best] ? label : best;
        }
        return best;
    }
}
