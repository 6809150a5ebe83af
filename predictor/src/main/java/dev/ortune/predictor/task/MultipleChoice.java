package dev.ortune.predictor.task;

import dev.ortune.predictor.ChosenText;
import dev.ortune.predictor.batch.Prediction;
import java.util.List;

/**
 * One of several texts, as transformers' {@code …ForMultipleChoice} chooses: each choice has a logit of its own, and a softmax
 * goes over those of one question. So the choices of many questions run together, however many each has.
 */
public record MultipleChoice() implements Task {
    @Override
    public String pipelineTag() {
        return "multiple-choice";
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public OutputShape output() {
        return OutputShape.CHOICE;
    }

    @Override
    public boolean namesTokens() {
        return false;
    }

    @Override
    public ChosenText answer(Prediction prediction) {
        throw new UnsupportedOperationException("a choice alone is none");
    }

    /**
     * Chooses.
     *
     * @param choices of the question
     * @param predictions what the graph gives of each
     */
    public ChosenText answer(List<String> choices, List<Prediction> predictions) {
        float[] logits = new float[predictions.size()];
        for (int choice = 0; choice < logits.length; choice++) {
            logits[choice] = predictions.get(choice).logits()[0];
        }
        return new ChosenText(choices, ScoreFunction.SOFTMAX.apply(logits));
    }
}
