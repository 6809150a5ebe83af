package dev.ortune.server.http;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.server.store.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server with tiny models, and a client to ask it. */
final class RunningServer implements AutoCloseable {
    static final BatchOptions BATCHES = new BatchOptions(256, 40, 32, 1, 1);

    private final ModelStore models;
    final HttpServer server;
    private final HttpClient client;
    private final String address;

    RunningServer(Path folder, ServerOptions options, String... names) throws IOException {
        this(options, BATCHES, HttpClient.newHttpClient(), write(folder, names));
    }

    RunningServer(Path folder, ServerOptions options, HttpClient client, String... names) throws IOException {
        this(options, BATCHES, client, write(folder, names));
    }

    RunningServer(Path folder, ServerOptions options, BatchOptions batches, String... names) throws IOException {
        this(options, batches, HttpClient.newHttpClient(), write(folder, names));
    }

    private RunningServer(ServerOptions options, BatchOptions batches, HttpClient client, List<Path> folders) {
        this.models = ModelStore.open(folders, new InferenceOptions("auto", batches));
        this.client = client;
        this.server = HttpServer.start(models, batches, options);
        this.address = options.scheme() + "://localhost:" + server.port();
    }

    /** One with the models of these folders. */
    static RunningServer of(ServerOptions options, Path... folders) {
        return of(options, BATCHES, folders);
    }

    static RunningServer of(ServerOptions options, BatchOptions batches, Path... folders) {
        return new RunningServer(options, batches, HttpClient.newHttpClient(), List.of(folders));
    }

    private static List<Path> write(Path folder, String... names) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (String name : names) {
            folders.add(TinyClassifier.write(folder.resolve(name)));
        }
        return folders;
    }

    int port() {
        return server.port();
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).build());
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send(request(path, headers)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(30));
        return headers.length == 0 ? request : request.headers(headers);
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(5));
        models.close();
    }
}
