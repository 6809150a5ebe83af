package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.GeneratedToken;
import dev.ortune.predictor.RequestException;
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
 * streamed comes as server-sent events. {@code POST /v1/completions} is OpenAI's. Who hangs up stops the text.
 */
final class GenerationRoutes {
    private final ModelStore models;

    GenerationRoutes(ModelStore models) {
        this.models = models;
    }

    void generate(Context context) {
        JsonBody body = JsonBody.read(context);
        try (Lease lease = ModelChoice.lease(context, models)) {
            huggingFace(context, body, lease, false).answer();
        }
    }

    void stream(Context context) {
        JsonBody body = JsonBody.read(context);
        try (Lease lease = ModelChoice.lease(context, models)) {
            huggingFace(context, body, lease, false).stream();
        }
    }

    /**
     * Hugging Face's API, of a model that is known to write texts: the text before is in the answer where it is gone on with, as with
     * the pipelines.
     */
    void ask(Context context, JsonBody body, Lease lease) {
        if (body.flag("stream", false)) {
            huggingFace(context, body, lease, false).stream();
        } else {
            huggingFace(context, body, lease, true).answer();
        }
    }

    /** OpenAI's completions; of several models the header names one, or the body. */
    void complete(Context context) {
        JsonBody body = JsonBody.read(context);
        String named = context.header(ModelChoice.HEADER);
        boolean several = models.names().size() > 1;
        try (Lease lease = ModelChoice.lease(models, named == null && several ? body.text("model", null) : named)) {
            complete(context, body, lease);
        }
    }

    /** The same of a model in the path, where clients with an address for each model look for it. */
    void completeByName(Context context) {
        try (Lease lease = models.lease(context.pathParam("name"))) {
            complete(context, JsonBody.read(context), lease);
        }
    }

    private static void complete(Context context, JsonBody body, Lease lease) {
        GenerationRequest request = GenerationRequest.ofCompletion(body);
        String prompt = text(body, "prompt");
        boolean usage = body.object("stream_options").flag("include_usage", false);
        ServedModel model = lease.model();
        Writing writing = new Writing(
                context,
                lease,
                prompt,
                request,
                new OpenAiCompletion(model.name(), request.parameters().stop(), before(model, prompt, request), usage));
        if (body.flag("stream", false)) {
            writing.stream();
        } else {
            writing.answer();
        }
    }

    /**
     * A request as Hugging Face's protocols have it.
     *
     * @param pipeline whether it is answered as by a pipeline: in a list, and with the text before where nobody says it
     */
    private static Writing huggingFace(Context context, JsonBody body, Lease lease, boolean pipeline) {
        GenerationRequest request = GenerationRequest.of(body, pipeline);
        String text = text(body, "inputs");
        GenerationForm form = new HuggingFaceGeneration(request, before(lease.model(), text, request), pipeline);
        return new Writing(context, lease, text, request, form);
    }

    private static String text(JsonBody body, String field) {
        JsonNode inputs = body.required(field);
        JsonNode text = inputs.isArray() && inputs.size() == 1 ? inputs.get(0) : inputs;
        if (!text.isTextual()) {
            throw JsonBody.invalid("`" + field + "` must be a string");
        }
        if (text.textValue().isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`" + field + "` cannot be empty");
        }
        return text.textValue();
    }

    /** What stands in an answer before what was added: the text, where it is gone on with and asked for. */
    private static String before(ServedModel model, String text, GenerationRequest request) {
        boolean goesOn = model.info().task() instanceof TextGeneration writing && writing.goesOn();
        return request.fullText() && goesOn ? text : "";
    }

    /** What comes to the thread that writes: a token, with the last one all of them; or a failure. */
    private record Event(GeneratedToken token, GeneratedText text, RuntimeException failure) {}

    /** A request that is being answered. */
    private record Writing(Context context, Lease lease, String text, GenerationRequest request, GenerationForm form) {
        private long[] prompt(Exchange exchange) {
            ServedModel model = lease.model();
            exchange.asks(model.name(), 1);
            long[] prompt = request.cut(model.prompt(text));
            exchange.tokenized(new int[] {prompt.length});
            return prompt;
        }

        void answer() {
            Exchange exchange = Exchange.of(context.req());
            long[] prompt = prompt(exchange);
            GenerationFuture running = new GenerationFuture();
            running.cancelWith(lease.model().generate(prompt, request.parameters(), running.listener()));
            exchange.whenGone(() -> running.cancel(true));
            Lease kept = lease.share();
            CompletableFuture<GeneratedText> all = running.orTimeout(
                            HttpServer.ANSWER.toMillis(), TimeUnit.MILLISECONDS)
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
                                Answers.write(context, form.whole(generated));
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

        void stream() {
            Exchange exchange = Exchange.of(context.req());
            long[] prompt = prompt(exchange);
            BlockingQueue<Event> events = new LinkedBlockingQueue<>();
            Runnable stop = lease.model().generate(prompt, request.parameters(), new GenerationListener() {
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
                events.add(
                        new Event(null, null, new RequestException(ErrorType.BACKEND, "nobody waited for the answer")));
            });
            try {
                write(events)
                        .ifPresent(
                                written -> exchange.generated(written.tokens().size()));
            } catch (IOException e) {
                // Whoever read has gone.
                exchange.failed(ErrorType.BACKEND);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                stop.run();
            }
        }

        /** Tells each token; gives the whole text, unless something went wrong. */
        private Optional<GeneratedText> write(BlockingQueue<Event> events) throws IOException, InterruptedException {
            Event event = next(events);
            if (event.failure() != null) {
                throw event.failure();
            }
            context.contentType("text/event-stream")
                    .header("Cache-Control", "no-cache")
                    .header("X-Accel-Buffering", "no");
            OutputStream out = context.res().getOutputStream();
            while (event.failure() == null) {
                for (String data : form.added(event.token(), event.text())) {
                    send(out, data);
                }
                if (event.text() != null) {
                    return Optional.of(event.text());
                }
                event = next(events);
            }
            send(out, form.failed(Errors.toRequestException(event.failure())));
            return Optional.empty();
        }

        private static Event next(BlockingQueue<Event> events) throws InterruptedException {
            Event event = events.poll(HttpServer.ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            return event == null
                    ? new Event(null, null, new RequestException(ErrorType.BACKEND, "the model did not answer in time"))
                    : event;
        }

        private static void send(OutputStream out, String data) throws IOException {
            out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }
}
