package dev.ortune.server.http;

import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.text.EncodedText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request's texts on their way through a model, so many at a time that other requests' texts get their turn too. */
final class Rounds {
    private final ServedModel model;
    private final List<EncodedText> texts;
    private final int size;
    private final List<Prediction> predictions = new ArrayList<>();
    private List<CompletableFuture<Prediction>> waiting = List.of();
    private boolean cancelled;

    /**
     * Starts nothing yet.
     *
     * @param size the most texts that wait at the same time
     */
    Rounds(ServedModel model, List<EncodedText> texts, int size) {
        this.model = model;
        this.texts = texts;
        this.size = size;
    }

    /**
     * Runs them.
     *
     * @param patience how long that may take
     * @return the predictions in the order of the texts, or why there are none
     * @throws dev.ortune.predictor.RequestException when there is no room for the first round
     */
    CompletableFuture<List<Prediction>> run(Duration patience) {
        return run().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).whenComplete((done, failure) -> {
            if (failure instanceof TimeoutException) {
                cancel();
            }
        });
    }

    private CompletableFuture<List<Prediction>> run() {
        List<CompletableFuture<Prediction>> round = submit();
        return CompletableFuture.allOf(round.toArray(CompletableFuture[]::new)).thenCompose(done -> {
            round.forEach(answer -> predictions.add(answer.join()));
            return predictions.size() == texts.size() ? CompletableFuture.completedFuture(predictions) : run();
        });
    }

    private synchronized List<CompletableFuture<Prediction>> submit() {
        if (cancelled) {
            throw new CancellationException();
        }
        int start = predictions.size();
        waiting = model.submit(texts.subList(start, Math.min(texts.size(), start + size)));
        return waiting;
    }

    /** Nobody waits for the answer any more: texts that have not been run are not run. */
    synchronized void cancel() {
        cancelled = true;
        waiting.forEach(answer -> answer.cancel(false));
    }
}
