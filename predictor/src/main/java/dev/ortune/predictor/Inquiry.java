package dev.ortune.predictor;

import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.text.EncodedText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * An input on its way: the texts that a model reads of it, one or, of a context's windows and of choices, several, which may run
 * in different batches.
 *
 * @param texts one at least
 * @param made of what the graph gives of each text
 * @param predictions of the texts that have been sent
 */
record Inquiry(
        List<EncodedText> texts,
        Function<List<Prediction>, Answer> made,
        List<CompletableFuture<Prediction>> predictions) {
    /** One that has not been sent yet. */
    Inquiry(List<EncodedText> texts, Function<List<Prediction>, Answer> made) {
        this(texts, made, new ArrayList<>(texts.size()));
    }

    /** Of one whose texts have all been sent: there when they have been run, or one has failed. */
    CompletableFuture<Answer> answer() {
        return CompletableFuture.allOf(predictions.toArray(CompletableFuture[]::new))
                .thenApply(done -> made.apply(
                        predictions.stream().map(CompletableFuture::join).toList()));
    }
}
