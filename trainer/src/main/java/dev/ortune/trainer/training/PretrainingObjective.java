package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.corpus.Masking;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.task.head.MaskedLanguageModelHead;

/**
 * What pre-training minimises: the loss of masked words, perhaps with that of next sentences.
 *
 * @param nextSentence whether with the second one
 * @param probability of a token to be masked, above 0 and up to 1
 * @param wholeWords whether words are masked as a whole
 */
public record PretrainingObjective(boolean nextSentence, double probability, boolean wholeWords) {
    public PretrainingObjective {
        Masking.requireProbability(probability);
    }

    /** What {@code --objective} names. */
    public static PretrainingObjective of(String name, double probability, boolean wholeWords) {
        return switch (name) {
            case "mlm" -> new PretrainingObjective(false, probability, wholeWords);
            case "mlm+nsp" -> new PretrainingObjective(true, probability, wholeWords);
            default -> throw new OrtuneException("--objective must be mlm or mlm+nsp, not " + name);
        };
    }

    /** The end of a network that is trained for it. */
    MaskedLanguageModelHead head(Architecture architecture) {
        if (nextSentence && !architecture.tellsNextSentences()) {
            throw new OrtuneException("--objective mlm+nsp is BERT's; " + architecture.modelType()
                    + " has no head for next sentences, but learns by mlm");
        }
        return new MaskedLanguageModelHead(nextSentence);
    }

    @Override
    public String toString() {
        return nextSentence ? "mlm+nsp" : "mlm";
    }
}
