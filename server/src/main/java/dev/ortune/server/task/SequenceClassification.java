package dev.ortune.server.task;

import dev.ortune.server.batch.Prediction;
import java.util.List;

/**
 * Labels for a text, or for a pair of texts.
 *
 * @param labels their names
 * @param function makes scores of the logits, where a request does not ask for another
 * @param multiLabel whether the labels do not exclude each other
 */
public record SequenceClassification(List<String> labels, ScoreFunction function, boolean multiLabel) implements Task {
    /**
     * As transformers' pipeline chooses the function: one label has nothing to be weighed against.
     *
     * @param problemType as config.json has it; empty where it says nothing
     */
    static SequenceClassification of(List<String> labels, String problemType) {
        boolean multiLabel = problemType.equals("multi_label_classification");
        if (problemType.equals("regression")) {
            return new SequenceClassification(labels, ScoreFunction.NONE, false);
        }
        ScoreFunction function = multiLabel || labels.size() == 1 ? ScoreFunction.SIGMOID : ScoreFunction.SOFTMAX;
        return new SequenceClassification(labels, function, multiLabel);
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
        return new LabelScores(labels, other.apply(logits), best(logits), other != ScoreFunction.NONE);
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int label = 1; label < logits.length; label++) {
            best = logits[label] > logits[best] ? label : best;
        }
        return best;
    }
}
