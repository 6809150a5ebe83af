package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.GeneratedToken;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.Sampling;
import dev.ortune.predictor.generation.GenerationFuture;
import dev.ortune.predictor.generation.GenerationListener;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.task.TextGeneration;
import dev.ortune.server.jetty.Exchange;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Texts that are gone on with: {@code POST /generate} and {@code /generate_stream} as text-generation-inference has them
 * (github.com/huggingface/text-generation-inference), and {@code POST /models/NAME} and {@code /} as Hugging Face's API. What is
 * streamed comes as server-sent events, an event a token. Who hangs up stops the text.
 */
final class GenerationRoutes {
    private static final String GENERATED = "generated_text";

    private final ModelStore models;

    GenerationRoutes(ModelStore models) {
        this.models = models;
    }

    void generate(Context context) {
        JsonBody body = JsonBody.read(context);
        try (Lease lease = ModelChoice.lease(context, models)) {
            answer(context, body, lease, GenerationRequest.of(body, false), false);
        }
    }

    void stream(Context context) {
        JsonBody body = JsonBody.read(context);
        try (Lease lease = ModelChoice.lease(context, models)) {
            stream(context, body, lease, GenerationRequest.of(body, false));
        }
    }

    /**
     * Hugging Face's API, of a model that is known to write texts: the text before is in the answer where it is gone on with, as with
     * the pipelines.
     */
    void ask(Context context, JsonBody body, Lease lease) {
        if (body.flag("stream", false)) {
            stream(context, body, lease, GenerationRequest.of(body, false));
        } else {
            answer(context, body, lease, GenerationRequest.of(body, true), true);
        }
    }

    private static String text(JsonBody body) {
        JsonNode inputs = body.required("inputs");
        JsonNode text = inputs.isArray() && inputs.size() == 1 ? inputs.get(0) : inputs;
        if (!text.isTextual()) {
            throw JsonBody.invalid("`inputs` must be a string");
        }
        if (text.textValue().isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        return text.textValue();
    }

    /** What stands in an answer before what was added: the text, where it is gone on with and asked for. */
    private static String before(ServedModel model, String text, GenerationRequest request) {
        boolean goesOn = model.info().task() instanceof TextGeneration writing && writing.goesOn();
        return request.fullText() && goesOn ? text : "";
    }

    private static long[] prompt(Exchange exchange, ServedModel model, String text, GenerationRequest request) {
        exchange.asks(model.name(), 1);
        long[] prompt = request.cut(model.prompt(text));
        exchange.tokenized(new int[] {prompt.length});
        return prompt;
    }

    private static void answer(Context context, JsonBody body, Lease lease, GenerationRequest request, boolean list) {
        Exchange exchange = Exchange.of(context.req());
        String text = text(body);
        ServedModel model = lease.model();
        long[] prompt = prompt(exchange, model, text, request);
        GenerationFuture running = new GenerationFuture();
        running.cancelWith(model.generate(prompt, request.parameters(), running.listener()));
        exchange.whenGone(() -> running.cancel(true));
        Lease kept = lease.share();
        CompletableFuture<GeneratedText> all = running.orTimeout(HttpServer.ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        running.cancel(true);
                    }
                    kept.close();
                });
        Executor server = exchange.request().getContext();
        context.future(() -> all.thenAcceptAsync(
                        generated -> {
                            exchange.generated(generated.tokens().size());
                            ObjectNode json = json(before(model, text, request), generated, request);
                            Answers.write(
                                    context,
                                    list ? JsonBody.MAPPER.createArrayNode().add(json) : json);
                        },
                        server)
                .exceptionallyAsync(
                        failure -> {
                            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                            Errors.write(context, Errors.toRequestException(cause));
                            return null;
                        },
                        server));
    }

    /** What comes to the thread that writes: a token, with the last one all of them; or a failure. */
    private record Event(GeneratedToken token, GeneratedText text, RuntimeException failure) {}

    private static void stream(Context context, JsonBody body, Lease lease, GenerationRequest request) {
        Exchange exchange = Exchange.of(context.req());
        String text = text(body);
        ServedModel model = lease.model();
        long[] prompt = prompt(exchange, model, text, request);
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        Runnable stop = model.generate(prompt, request.parameters(), new GenerationListener() {
            @Override
            public void added(GeneratedToken token, GeneratedText whole) {
                events.add(new Event(token, whole, null));
            }

            @Override
            public void failed(RuntimeException failure) {
                events.add(new Event(null, null, failure));
            }
        });
        exchange.whenGone(() -> {
            stop.run();
            events.add(new Event(null, null, new RequestException(ErrorType.BACKEND, "nobody waited for the answer")));
        });
        try {
            write(context, events, before(model, text, request), request)
                    .ifPresent(written -> exchange.generated(written.tokens().size()));
        } catch (IOException e) {
            // Whoever read has gone.
            exchange.failed(ErrorType.BACKEND);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stop.run();
        }
    }

    /** An event a token; the last one's has the whole text beside it. Gives that, unless something went wrong. */
    private static Optional<GeneratedText> write(
            Context context, BlockingQueue<Event> events, String before, GenerationRequest request)
            throws IOException, InterruptedException {
        Event event = next(events);
        if (event.failure() != null) {
            throw event.failure();
        }
        context.contentType("text/event-stream")
                .header("Cache-Control", "no-cache")
                .header("X-Accel-Buffering", "no");
        OutputStream out = context.res().getOutputStream();
        for (int index = 1; event.failure() == null; index++) {
            ObjectNode json = JsonBody.MAPPER.createObjectNode().put("index", index);
            json.set("token", json(event.token()));
            if (event.text() != null) {
                json.put(GENERATED, before + event.text().text());
                json.set("details", ended(event.text(), request));
                send(out, json);
                return Optional.of(event.text());
            }
            send(out, json.putNull(GENERATED).putNull("details"));
            event = next(events);
        }
        RequestException failure = Errors.toRequestException(event.failure());
        send(
                out,
                JsonBody.MAPPER
                        .createObjectNode()
                        .put("error", failure.getMessage())
                        .put("error_type", failure.type().wireName()));
        return Optional.empty();
    }

    private static Event next(BlockingQueue<Event> events) throws InterruptedException {
        Event event = events.poll(HttpServer.ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        return event == null
                ? new Event(null, null, new RequestException(ErrorType.BACKEND, "the model did not answer in time"))
                : event;
    }

    private static void send(OutputStream out, ObjectNode json) throws IOException {
        out.write(("data:" + json + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static ObjectNode json(String before, GeneratedText generated, GenerationRequest request) {
        ObjectNode json = JsonBody.MAPPER.createObjectNode();
        json.put(GENERATED, before + generated.text());
        if (request.details()) {
            ObjectNode details = ended(generated, request);
            details.putArray("prefill");
            ArrayNode tokens = details.putArray("tokens");
            generated.tokens().forEach(token -> tokens.add(json(token)));
            json.set("details", details);
        }
        return json;
    }

    private static ObjectNode ended(GeneratedText generated, GenerationRequest request) {
        ObjectNode details = JsonBody.MAPPER.createObjectNode();
        details.put("finish_reason", generated.reason().wireName())
                .put("generated_tokens", generated.tokens().size())
                .put("input_length", generated.promptTokens());
        Sampling sampling = request.parameters().sampling();
        return sampling == null ? details.putNull("seed") : details.put("seed", sampling.seed());
    }

    private static ObjectNode json(GeneratedToken token) {
        return JsonBody.MAPPER
                .createObjectNode()
                .put("id", token.id())
                .put("text", token.text())
                .put("logprob", token.logprob())
                .put("special", token.special());
    }
}
