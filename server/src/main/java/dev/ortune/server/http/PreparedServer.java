package dev.ortune.server.http;

import dev.ortune.predictor.OrtuneException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** A server that starts on a thread of its own, while its models are being loaded; no client gets in yet. */
public final class PreparedServer {
    private final CompletableFuture<HttpServer> preparation;

    PreparedServer(Supplier<HttpServer> preparation) {
        this.preparation = CompletableFuture.supplyAsync(preparation, PreparedServer::begin);
    }

    private static void begin(Runnable work) {
        Thread thread = new Thread(work, "http-preparation");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Opens the port; the models are loaded now.
     *
     * @throws OrtuneException when the port is taken or the address is none of this machine, or a file for TLS is unfit
     */
    public HttpServer open() {
        HttpServer server = prepared();
        try {
            server.open();
            return server;
        } catch (RuntimeException | Error e) {
            server.stop(Duration.ZERO);
            throw e;
        }
    }

    /** Lets it go; there is nothing to serve. */
    public void abandon() {
        preparation
                .thenAccept(server -> server.stop(Duration.ZERO))
                .exceptionally(neverStarted -> null)
                .join();
    }

    private HttpServer prepared() {
        try {
            return preparation.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof OrtuneException known) {
                throw known;
            }
            throw e;
        }
    }
}
