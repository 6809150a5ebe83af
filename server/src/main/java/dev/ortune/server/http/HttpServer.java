package dev.ortune.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.OrtuneException;
import dev.ortune.server.error.ErrorType;
import dev.ortune.server.error.RequestException;
import dev.ortune.server.model.BatchOptions;
import dev.ortune.server.model.ModelFolder;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The models over HTTP. */
public final class HttpServer {
    /** Of a request's body, in bytes. */
    private static final long LARGEST = 2L << 20;

    private static final long ANSWER_MILLIS = 60_000;

    private final ModelStore models;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Javalin javalin;
    private volatile boolean ready = true;

    private HttpServer(ModelStore models, BatchOptions options) {
        this.models = models;
        TeiRoutes tei = new TeiRoutes(models, options);
        HuggingFaceRoutes huggingFace = new HuggingFaceRoutes(models, options);
        this.javalin = Javalin.create(config -> {
            settings(config);
            config.routes.before(context -> inFlight.incrementAndGet());
            config.routes.after(context -> inFlight.decrementAndGet());
            config.routes.post("/predict", tei::predict);
            config.routes.get("/info", tei::info);
            config.routes.get("/health", this::health);
            config.routes.get("/ping", this::health);
            config.routes.get("/models", this::list);
            config.routes.post("/models/{name}", huggingFace::classify);
            config.routes.post("/interpret", new InterpretRoutes(models)::interpret);
            PageRoutes page = new PageRoutes();
            config.routes.get("/", page::index);
            config.routes.get("/page/{file}", page::file);
            kserve(config, new KServeRoutes(models, options));
            config.routes.exception(RequestException.class, (failure, context) -> Errors.write(context, failure));
            config.routes.exception(HttpResponseException.class, (failure, context) -> Errors.write(context, failure));
            config.routes.exception(
                    Exception.class, (failure, context) -> Errors.write(context, Errors.toRequestException(failure)));
        });
    }

    /**
     * Starts it.
     *
     * @param port 0 for any that is free
     * @throws OrtuneException when the port is taken or the address is none of this machine
     */
    public static HttpServer start(ModelStore models, BatchOptions options, String host, int port) {
        HttpServer server = new HttpServer(models, options);
        try {
            server.javalin.start(host, port);
        } catch (RuntimeException e) {
            throw new OrtuneException(host + ":" + port + ": cannot be listened on (" + e.getMessage() + ")", e);
        }
        return server;
    }

    private static void settings(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.http.maxRequestSize = LARGEST;
        config.http.asyncTimeout = ANSWER_MILLIS;
        config.http.prefer405over404 = true;
    }

    public int port() {
        return javalin.port();
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
        if (!ready) {
            throw new RequestException(ErrorType.UNHEALTHY, "the server is stopping");
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
        models.versions(info.name()).stream().map(String::valueOf).forEach(entry.putArray("versions")::add);
        entry.put("precision", info.precision()).put("max_length", info.maxLength());
        entry.put("multi_label", info.multiLabel());
        info.labels().forEach(entry.putArray("labels")::add);
    }

    /** Says that it is not ready any more, lets the requests that are there come to their end, and stops. */
    public void stop(Duration patience) {
        ready = false;
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (inFlight.get() > 0 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        javalin.stop();
    }
}
