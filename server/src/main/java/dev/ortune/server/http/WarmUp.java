package dev.ortune.server.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The first requests, which the server asks itself before it is ready, one of each API: they go through all that a client's go
 * through but the network, so that Java has loaded what they need. Nobody counts them.
 */
final class WarmUp {
    private static final String TEXT = "{\"inputs\": \"warm up\"}";
    private static final String TENSOR =
            "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"warm up\"]}]}";

    private WarmUp() {}

    /** What can be asked while no model is there yet; it is refused, but only at the last. */
    static void beforeModels(Listener listener, List<String> apiKeys) {
        listener.ask(request("/predict", "{}", apiKeys));
    }

    static void run(Listener listener, List<String> apiKeys, List<String> models) {
        // A name that no header can hold is not asked by one.
        String first = models.get(0);
        boolean plain = first.chars().allMatch(letter -> letter > ' ' && letter < 0x7f);
        String[] header = plain ? new String[] {ModelChoice.HEADER + ": " + first + "\r\n"} : new String[0];
        listener.ask(request("/predict", TEXT, apiKeys, header));
        listener.ask(request("/models/" + models.get(0), TEXT, apiKeys));
        listener.ask(request("/v2/models/" + models.get(0) + "/infer", TENSOR, apiKeys));
    }

    private static String request(String path, String body, List<String> apiKeys, String... headers) {
        String model = String.join("", headers);
        String key = apiKeys.isEmpty() ? "" : "Authorization: Bearer " + apiKeys.get(0) + "\r\n";
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return "POST " + encoded(path) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + key + model
                + "Content-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n" + body;
    }

    private static String encoded(String path) {
        try {
            return new URI(null, null, path, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no path: " + path, e);
        }
    }
}
