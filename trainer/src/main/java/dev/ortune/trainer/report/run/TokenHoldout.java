package dev.ortune.trainer.report.run;

import dev.ortune.trainer.report.TokenPredictions;
import java.util.Arrays;
import java.util.List;

/**
 * Sentences that were held out and what a model says of their words.
 *
 * @param role {@code validation} or {@code test}
 * @param sentences the words of each, in file order
 * @param predictions the model's, in the same order; their loss is unknown and stands as no number
 */
public record TokenHoldout(String role, List<List<String>> sentences, TokenPredictions predictions) implements Holdout {
    public TokenHoldout {
        sentences = sentences.stream().map(List::copyOf).toList();
        if (sentences.size() != predictions.size()) {
            throw new IllegalArgumentException(sentences.size() + " sentences, " + predictions.size() + " predictions");
        }
    }

    @Override
    public List<String> labels() {
        return predictions.names();
    }

    @Override
    public int size() {
        return sentences.size();
    }

    @Override
    public boolean isSameSet(Holdout other) {
        return other instanceof TokenHoldout that
                && sentences.equals(that.sentences)
                && Arrays.equals(names(), that.names());
    }

    /** The right label of each word; ids may differ from one file to another. */
    private Object[] names() {
        return Arrays.stream(predictions.labels())
                .flatMapToInt(Arrays::stream)
                .mapToObj(labels()::get)
                .toArray();
    }
}
