package dev.ortune.server.page;

import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.server.http.HttpServer;
import dev.ortune.server.http.ServerOptions;
import dev.ortune.server.store.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server with models, and a browser to look at its pages. */
final class Site implements AutoCloseable {
    private static final BatchOptions BATCHES = new BatchOptions(4096, 300, 32, 1, 1);

    final Chromium browser;
    final ModelStore models;
    private final boolean ownBrowser;
    private HttpServer server;
    private int port;

    private Site(Chromium browser, boolean ownBrowser, Path... folders) throws IOException {
        this.browser = browser;
        this.ownBrowser = ownBrowser;
        this.models = ModelStore.open(List.of(folders), new InferenceOptions("auto", BATCHES));
    }

    /**
     * Starts the browser and loads the models; nothing is served yet.
     *
     * @param downloads the folder for files that are downloaded
     */
    static Site open(Path downloads, Path... folders) throws IOException {
        return new Site(Chromium.start(downloads), true, folders);
    }

    /** Likewise, for a browser that is open already and stays so. */
    static Site open(Chromium browser, Path... folders) throws IOException {
        return new Site(browser, false, folders);
    }

    /** Serves at a free port those who bring one of {@code keys}, or all. */
    void serve(String... keys) {
        serve(0, keys);
    }

    /** Serves where it did before. */
    void serveAgain() {
        serve(port);
    }

    private void serve(int wanted, String... keys) {
        ServerOptions plain = ServerOptions.of("127.0.0.1", wanted);
        server = HttpServer.start(
                models,
                BATCHES,
                new ServerOptions(
                        plain.host(),
                        plain.port(),
                        List.of(keys),
                        plain.corsAllowOrigins(),
                        plain.tls(),
                        plain.payloadLimit(),
                        plain.maxConnections(),
                        plain.requestTimeout(),
                        plain.accessLog()));
        port = server.port();
    }

    /** Of its pages, with a slash at the end. */
    String address() {
        return "http://127.0.0.1:" + port + "/";
    }

    /** Opens a page of the server. */
    void visit(String page) {
        browser.open(address() + page);
    }

    /** Opens the page to try models, and waits for them. */
    void visitModels(String mode) {
        visit(mode);
        browser.until(() -> browser.text("model").contains(models.names().get(0))
                || browser.find("picker").isDisplayed());
    }

    void stop() {
        server.stop(Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        if (ownBrowser) {
            browser.close();
        }
        models.close();
    }
}
