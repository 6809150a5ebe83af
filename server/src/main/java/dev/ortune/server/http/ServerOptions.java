package dev.ortune.server.http;

import dev.ortune.predictor.OrtuneException;
import dev.ortune.server.jetty.Tls;
import dev.ortune.server.log.LogFormat;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Where the server listens, to whom it answers, and how much it takes.
 *
 * @param port 0 for any that is free
 * @param apiKeys of which a request must bring one; empty: everybody may ask
 * @param corsAllowOrigins pages of which others than its own may ask it, such as {@code https://example.org}, or {@code *}
 * @param tls null for HTTP in the clear
 * @param payloadLimit of a request's body, in bytes
 * @param maxConnections at the same time; further ones wait to be taken
 * @param requestTimeout how long a request may take to arrive
 * @param accessLog how requests are written down
 */
public record ServerOptions(
        String host,
        int port,
        List<String> apiKeys,
        List<String> corsAllowOrigins,
        Tls tls,
        int payloadLimit,
        int maxConnections,
        Duration requestTimeout,
        LogFormat accessLog) {
    /** As in text-embeddings-inference. */
    public static final int PAYLOAD_LIMIT = 2_000_000;

    public static final int MAX_CONNECTIONS = 1024;
    public static final int REQUEST_TIMEOUT_SECONDS = 30;

    public ServerOptions {
        apiKeys = List.copyOf(apiKeys);
        corsAllowOrigins = List.copyOf(corsAllowOrigins);
        require(port >= 0 && port <= 65535, "--port must be between 0 and 65535, not " + port);
        require(payloadLimit >= 1, "--payload-limit must be at least 1, not " + payloadLimit);
        require(maxConnections >= 1, "--max-connections must be at least 1, not " + maxConnections);
        require(requestTimeout.toMillis() > 0, "--request-timeout must be at least 1");
        for (String key : apiKeys) {
            require(
                    key.matches("[\\x21-\\x7e]+"),
                    "--api-key must be letters, digits and signs of ASCII, without blanks");
        }
        for (String origin : corsAllowOrigins) {
            require(
                    isOrigin(origin),
                    "--cors-allow-origin must be * or like https://example.org:8443, not '" + origin + "'");
        }
    }

    /** For a server that is asked from this machine alone. */
    public static ServerOptions of(String host, int port) {
        return new ServerOptions(
                host,
                port,
                List.of(),
                List.of(),
                null,
                PAYLOAD_LIMIT,
                MAX_CONNECTIONS,
                Duration.ofSeconds(REQUEST_TIMEOUT_SECONDS),
                LogFormat.NONE);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new OrtuneException(otherwise);
        }
    }

    private static boolean isOrigin(String text) {
        try {
            URI uri = new URI(text);
            return text.equals("*")
                    || (List.of("http", "https").contains(String.valueOf(uri.getScheme()))
                            && uri.getHost() != null
                            && text.equals(uri.getScheme() + "://" + uri.getAuthority()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Whether other machines can reach it and nobody has to show a key. */
    public boolean isOpenToAll() {
        try {
            return apiKeys.isEmpty() && !InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The beginning of its addresses. */
    public String scheme() {
        return tls == null ? "http" : "https";
    }
}
