package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.text.EncodedText;
import dev.ortune.predictor.text.Truncation;
import dev.ortune.server.jetty.Exchange;
import dev.ortune.server.store.Lease;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs a request's texts and writes the answer when all are there. The thread that took the request tokenises, so that
 * happens beside inference; where nothing else runs it does the rest as well. No thread waits for another's batch.
 */
final class Answers {
    /** Those of an answer that a page of another origin may read. */
    static final List<String> HEADERS = List.of(
            "inference-header-content-length",
            "x-compute-characters",
            "x-compute-tokens",
            "x-compute-type",
            "x-inference-time",
            "x-queue-time",
            "x-request-id",
            "x-tokenization-time",
            "x-total-time");

    private Answers() {}

    /**
     * Answers a request, whose texts all wait at the same time.
     *
     * @param lease of the model; a share of it is kept until the answer is there
     * @param body makes the answer of the predictions, in the order of the texts
     */
    static void answer(
            Context context,
            Lease lease,
            List<TextInput> texts,
            Truncation truncation,
            Function<List<Prediction>, JsonNode> body) {
        answer(context, lease, texts, truncation, texts.size(), body);
    }

    /**
     * Answers a request.
     *
     * @param encoding what the model is asked of the texts
     * @param atOnce the most of it that waits at the same time
     * @param body makes the answer of the predictions, in the order of what was asked
     */
    static void answer(
            Context context,
            Lease lease,
            List<TextInput> texts,
            Function<ServedModel, List<EncodedText>> encoding,
            int atOnce,
            Function<List<Prediction>, JsonNode> body) {
        run(context, lease, texts, encoding, atOnce, predictions -> write(context, body.apply(predictions)));
    }

    /**
     * Answers a request with something else than JSON alone.
     *
     * @param lease of the model; a share of it is kept until the answer is there
     * @param encoding what the model is asked of the texts
     * @param atOnce the most of it that waits at the same time
     * @param writer writes the answer of the predictions, in the order of what was asked
     */
    static void write(
            Context context,
            Lease lease,
            List<TextInput> texts,
            Function<ServedModel, List<EncodedText>> encoding,
            int atOnce,
            Consumer<List<Prediction>> writer) {
        run(context, lease, texts, encoding, atOnce, writer);
    }

    /**
     * Answers a request.
     *
     * @param lease of the model; a share of it is kept until the answer is there
     * @param atOnce the most texts that wait at the same time
     * @param body makes the answer of the predictions, in the order of the texts
     */
    static void answer(
            Context context,
            Lease lease,
            List<TextInput> texts,
            Truncation truncation,
            int atOnce,
            Function<List<Prediction>, JsonNode> body) {
        run(
                context,
                lease,
                texts,
                model -> model.encode(texts, truncation),
                atOnce,
                predictions -> write(context, body.apply(predictions)));
    }

    private static void run(
            Context context,
            Lease lease,
            List<TextInput> texts,
            Function<ServedModel, List<EncodedText>> encoding,
            int atOnce,
            Consumer<List<Prediction>> writer) {
        Exchange exchange = Exchange.of(context.req());
        ServedModel model = lease.model();
        exchange.asks(model.name(), texts.size());
        long start = System.nanoTime();
        List<EncodedText> encoded = encoding.apply(model);
        exchange.tokenized(encoded.stream().mapToInt(EncodedText::length).toArray());
        Duration tokenization = Duration.ofNanos(System.nanoTime() - start);
        Rounds rounds = new Rounds(model, encoded, atOnce);
        CompletableFuture<List<Prediction>> running = rounds.run(HttpServer.ANSWER);
        int characters = texts.stream().mapToInt(TextInput::characters).sum();
        Consumer<List<Prediction>> answer = predictions -> {
            context.header("x-compute-type", model.device().computeType());
            headers(context, predictions, characters, tokenization, start);
            writer.accept(predictions);
        };
        if (running.isDone()) {
            try {
                answer.accept(running.join());
            } catch (CompletionException e) {
                throw cause(e);
            }
            return;
        }
        exchange.whenGone(rounds::cancel);
        Lease kept = lease.share();
        CompletableFuture<List<Prediction>> all = running.whenComplete((done, failure) -> kept.close());
        // A thread of the server's writes the answer; the one that computed it has the next batch to run.
        Executor server = exchange.request().getContext();
        context.future(() -> all.thenAcceptAsync(answer, server)
                .exceptionallyAsync(
                        failure -> {
                            Errors.write(context, cause(failure));
                            return null;
                        },
                        server));
    }

    /** Writes JSON. */
    static void write(Context context, JsonNode json) {
        context.contentType("application/json").result(json.toString());
    }

    private static RequestException cause(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return Errors.toRequestException(cause);
    }

    /** The headers of text-embeddings-inference; times are in milliseconds. */
    private static void headers(
            Context context, List<Prediction> predictions, int characters, Duration tokenization, long start) {
        int tokens = predictions.stream().mapToInt(Prediction::tokens).sum();
        context.header("x-compute-characters", Integer.toString(characters));
        context.header("x-compute-tokens", Integer.toString(tokens));
        Exchange.Times times = new Exchange.Times(
                tokenization, longest(predictions, Prediction::queue), longest(predictions, Prediction::inference));
        Exchange.of(context.req()).answered(times);
        context.header("x-tokenization-time", Long.toString(tokenization.toMillis()));
        context.header("x-queue-time", Long.toString(times.queue().toMillis()));
        context.header("x-inference-time", Long.toString(times.inference().toMillis()));
        context.header(
                "x-total-time",
                Long.toString(Duration.ofNanos(System.nanoTime() - start).toMillis()));
    }

    private static Duration longest(List<Prediction> predictions, Function<Prediction, Duration> time) {
        return predictions.stream().map(time).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }
}
