package dev.ortune.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.batch.BatchListener;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.ModelFolder;
import dev.ortune.server.jetty.Exchanges;
import dev.ortune.server.log.AccessLog;
import dev.ortune.server.log.LogFormat;
import dev.ortune.server.metrics.Metrics;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The models over HTTP. */
public final class HttpServer {
    /** How long an answer may take. */
    static final Duration ANSWER = Duration.ofSeconds(60);

    private final ModelStore models;
    private final BatchOptions options;
    private final List<String> apiKeys;
    private final Metrics metrics;
    private final Exchanges exchanges;
    private final Listener listener;
    private final Javalin javalin;
    private volatile String unready;

    private HttpServer(ModelStore models, BatchOptions options, ServerOptions serverOptions) {
        this.models = models;
        this.options = options;
        this.apiKeys = serverOptions.apiKeys();
        this.metrics = new Metrics(models.names().size() > 1);
        this.exchanges = new Exchanges(listeners(serverOptions));
        this.listener = new Listener(serverOptions, exchanges);
        GenerationRoutes generation = new GenerationRoutes(models);
        HuggingFaceRoutes huggingFace = new HuggingFaceRoutes(models, options, generation);
        TeiRoutes tei = new TeiRoutes(models, options, huggingFace);
        TokenizerRoutes tokenizer = new TokenizerRoutes(models, options);
        this.javalin = Javalin.create(config -> {
            settings(config, serverOptions);
            // Long answers are packed for who takes them so; caches must tell.
            config.routes.before(context -> context.res().addHeader("Vary", "Accept-Encoding"));
            config.routes.get("/metrics", this::scrape);
            config.routes.post("/predict", tei::predict);
            config.routes.post("/", tei::root);
            config.routes.post("/invocations", tei::root);
            config.routes.post("/tokenize", tokenizer::tokenize);
            config.routes.post("/decode", tokenizer::decode);
            config.routes.get("/info", tei::info);
            config.routes.get("/health", this::health);
            config.routes.get("/ping", this::health);
            config.routes.get("/models", this::list);
            config.routes.post("/models/{name}", huggingFace::ask);
            config.routes.post("/generate", generation::generate);
            config.routes.post("/generate_stream", generation::stream);
            config.routes.post("/v1/completions", generation::complete);
            config.routes.post("/models/{name}/v1/completions", generation::completeByName);
            config.routes.post("/interpret", new InterpretRoutes(models, options)::interpret);
            PageRoutes page = new PageRoutes();
            config.routes.get("/", page::index);
            config.routes.get("/page/{file}", page::file);
            DocsRoutes docs = new DocsRoutes();
            config.routes.get("/openapi.json", docs::document);
            config.routes.get("/docs", docs::index);
            config.routes.get("/docs/{file}", docs::file);
            kserve(config, new KServeRoutes(models, options));
            config.routes.exception(RequestException.class, (failure, context) -> Errors.write(context, failure));
            config.routes.exception(HttpResponseException.class, (failure, context) -> Errors.write(context, failure));
            config.routes.exception(
                    Exception.class, (failure, context) -> Errors.write(context, Errors.toRequestException(failure)));
        });
    }

    /** Starts it with nothing but an address. */
    public static HttpServer start(ModelStore models, BatchOptions options, String host, int port) {
        return start(models, options, ServerOptions.of(host, port));
    }

    /**
     * Starts it with models that are loaded.
     *
     * @throws OrtuneException when the port is taken or the address is none of this machine, or a file for TLS is unfit
     */
    public static HttpServer start(ModelStore models, BatchOptions options, ServerOptions serverOptions) {
        return prepare(models, options, serverOptions).open();
    }

    /** Begins to start it for models that are still being loaded; whatever needs none of them is done meanwhile. */
    public static PreparedServer prepare(ModelStore models, BatchOptions options, ServerOptions serverOptions) {
        return new PreparedServer(() -> {
            HttpServer server = new HttpServer(models, options, serverOptions);
            server.javalin.start();
            WarmUp.beforeModels(server.listener, server.apiKeys);
            return server;
        });
    }

    /** Asks itself, then lets clients in. */
    void open() {
        WarmUp.run(listener, apiKeys, models.names());
        measure();
        listener.open();
        Thread measuring = new Thread(metrics::measureJava, "metrics");
        measuring.setDaemon(true);
        measuring.start();
    }

    /** Counts the batches of all versions of a model together; those that are loaded later too. */
    private void measure() {
        Map<String, BatchListener> meters = new HashMap<>();
        for (String name : models.names()) {
            try (Lease lease = models.lease(name)) {
                int maxLength = lease.model().info().maxLength();
                meters.put(name, metrics.model(name, maxLength, () -> models.waiting(name)));
            }
        }
        models.follow(model -> model.listen(meters.get(model.name())));
    }

    private Exchanges.Listener[] listeners(ServerOptions options) {
        Exchanges.Listener counting = (exchange, status, bytes) -> metrics.completed(exchange);
        if (options.accessLog() == LogFormat.NONE) {
            return new Exchanges.Listener[] {counting};
        }
        return new Exchanges.Listener[] {counting, new AccessLog()::write};
    }

    private void settings(JavalinConfig config, ServerOptions options) {
        config.startup.showJavalinBanner = false;
        config.http.maxRequestSize = options.payloadLimit();
        // Answers says so itself, in JSON, when it takes too long.
        config.http.asyncTimeout = ANSWER.plusSeconds(2).toMillis();
        config.http.prefer405over404 = true;
        listener.install(config);
    }

    private void scrape(Context context) {
        context.contentType(Metrics.CONTENT_TYPE).result(metrics.scrape());
    }

    public int port() {
        return listener.port();
    }

    /** Every route, as {@code METHOD /path}. */
    List<String> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(handler -> handler.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .map(endpoint -> endpoint.method.name() + " " + endpoint.path)
                .toList();
    }

    private void kserve(JavalinConfig config, KServeRoutes routes) {
        config.routes.get("/v2", routes::server);
        config.routes.get("/v2/health/live", context -> context.status(200));
        config.routes.get("/v2/health/ready", this::health);
        for (String model : List.of("/v2/models/{name}", "/v2/models/{name}/versions/{version}")) {
            config.routes.get(model, routes::model);
            config.routes.get(model + "/ready", routes::ready);
            config.routes.post(model + "/infer", routes::infer);
        }
    }

    private void health(Context context) {
        String why = unready;
        if (why != null) {
            throw new RequestException(ErrorType.UNHEALTHY, why);
        }
        context.status(200);
    }

    private void list(Context context) {
        ArrayNode list = JsonBody.MAPPER.createArrayNode();
        for (String name : models.names()) {
            try (Lease lease = models.lease(name)) {
                describe(lease.model().info(), list.addObject());
            }
        }
        Answers.write(context, list);
    }

    private void describe(ModelFolder info, ObjectNode entry) {
        entry.put("name", info.name()).put("version", Integer.toString(info.version()));
        entry.put("task", info.task().pipelineTag());
        models.versions(info.name()).stream().map(String::valueOf).forEach(entry.putArray("versions")::add);
        entry.put("precision", info.precision()).put("max_length", info.maxLength());
        TaskApi.of(info.task()).describe(entry);
        entry.put("max_client_batch_size", options.maxClientBatchSize());
        info.labels().forEach(entry.putArray("labels")::add);
    }

    /**
     * Says that it is not ready any more and gives its port back at once, lets the requests that are there come to their end,
     * and stops.
     *
     * @param patience the most that they may take
     */
    public void stop(Duration patience) {
        unready = "the server is stopping";
        exchanges.close();
        long end = System.nanoTime() + patience.toNanos();
        try {
            while ((listener.drain() > 0 || exchanges.inFlight() > 0) && System.nanoTime() < end) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        javalin.stop();
        metrics.close();
    }
}
