package dev.ortune.server.cli;

import dev.ortune.server.http.ServerOptions;
import dev.ortune.server.jetty.Tls;
import dev.ortune.server.log.LogFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the server listens, to whom it answers, and how much it takes. Every default of it is here or in the record. */
final class ServerFlags {
    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "${env:HOST:-127.0.0.1}",
            description = "Address to listen on; 0.0.0.0 for all of this machine's (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "${env:PORT:-8080}",
            description = "Port to listen on, 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            split = ",",
            defaultValue = "${env:API_KEY:-" + Option.NULL_VALUE + "}",
            description =
                    "Answer only who brings it as a Bearer token; may be given several times. /health, /metrics and the page's"
                            + " files stay open. Better set as API_KEY: who lists processes reads their arguments.")
    private List<String> apiKeys = new ArrayList<>();

    @Option(
            names = "--cors-allow-origin",
            paramLabel = "ORIGIN",
            split = ",",
            defaultValue = "${env:CORS_ALLOW_ORIGIN:-" + Option.NULL_VALUE + "}",
            description = "Let pages from there ask, such as https://example.org, or * for all; may be given several"
                    + " times (default: none).")
    private List<String> corsAllowOrigins = new ArrayList<>();

    @Option(
            names = "--tls-cert-file",
            paramLabel = "FILE",
            defaultValue = "${env:TLS_CERT_FILE:-" + Option.NULL_VALUE + "}",
            description = "Speak HTTPS with this certificate, and its chain, in PEM.")
    private Path certificate;

    @Option(
            names = "--tls-key-file",
            paramLabel = "FILE",
            defaultValue = "${env:TLS_KEY_FILE:-" + Option.NULL_VALUE + "}",
            description = "The certificate's private key in PEM, not encrypted.")
    private Path key;

    @Option(
            names = "--payload-limit",
            paramLabel = "BYTES",
            defaultValue = "${env:PAYLOAD_LIMIT:-" + ServerOptions.PAYLOAD_LIMIT + "}",
            description = "Size of a request at most (default: ${DEFAULT-VALUE}).")
    private int payloadLimit;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "${env:MAX_CONNECTIONS:-" + ServerOptions.MAX_CONNECTIONS + "}",
            description = "Connections at the same time; more wait (default: ${DEFAULT-VALUE}).")
    private int maxConnections;

    @Option(
            names = "--request-timeout",
            paramLabel = "SECONDS",
            defaultValue = "${env:REQUEST_TIMEOUT:-" + ServerOptions.REQUEST_TIMEOUT_SECONDS + "}",
            description = "How long a request may take to arrive (default: ${DEFAULT-VALUE}).")
    private int requestTimeout;

    @Option(
            names = "--access-log",
            paramLabel = "FORMAT",
            defaultValue = "${env:ACCESS_LOG:-none}",
            description =
                    "Write a line for each request to standard error: none, text or json (default: ${DEFAULT-VALUE}).")
    private LogFormat accessLog;

    ServerOptions options() {
        return new ServerOptions(
                host,
                port,
                apiKeys == null ? List.of() : apiKeys,
                corsAllowOrigins == null ? List.of() : corsAllowOrigins,
                certificate == null && key == null ? null : new Tls(certificate, key),
                payloadLimit,
                maxConnections,
                Duration.ofSeconds(requestTimeout),
                accessLog);
    }
}
