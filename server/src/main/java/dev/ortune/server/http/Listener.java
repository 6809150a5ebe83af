package dev.ortune.server.http;

import dev.ortune.predictor.OrtuneException;
import dev.ortune.server.jetty.ClientConnector;
import dev.ortune.server.jetty.Exchanges;
import dev.ortune.server.jetty.JsonErrorHandler;
import dev.ortune.server.jetty.WholeBodyHandler;
import io.javalin.config.JavalinConfig;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.CrossOriginHandler;

/**
 * Jetty as this server needs it: a connector for itself from the start, one for clients once it is opened, and before Javalin
 * the handlers that keep bad clients from its threads.
 */
final class Listener {
    /** Of all headers of a request together, in bytes. */
    private static final int LARGEST_HEADERS = 16 << 10;

    /** All requests' bodies together get one part in so many of Java's memory; what is made of them takes several times that. */
    private static final int BODIES_SHARE = 8;

    /** Longer than any answer takes. */
    private static final Duration IDLE = HttpServer.ANSWER.plusSeconds(5);

    private final ServerOptions options;
    private final Exchanges exchanges;
    private ClientConnector clients;
    private LocalConnector inside;

    Listener(ServerOptions options, Exchanges exchanges) {
        this.options = options;
        this.exchanges = exchanges;
    }

    void install(JavalinConfig config) {
        config.jetty.modifyHttpConfiguration(http -> {
            http.setRequestHeaderSize(LARGEST_HEADERS);
            http.setSendServerVersion(false);
            http.setSendDateHeader(false);
        });
        config.jetty.addConnector((server, http) -> {
            inside = new LocalConnector(server, new HttpConnectionFactory(new HttpConfiguration(http)));
            clients = connector(server, http);
            return inside;
        });
        config.jetty.modifyServer(server -> {
            server.setHandler(handlers());
            server.setErrorHandler(new JsonErrorHandler());
        });
    }

    /**
     * Lets clients in.
     *
     * @throws OrtuneException when the port is taken or the address is none of this machine
     */
    void open() {
        try {
            clients.getServer().addConnector(clients);
            clients.start();
        } catch (Exception e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = cause instanceof UnresolvedAddressException ? "no such address" : cause.getMessage();
            throw new OrtuneException(
                    options.host() + ":" + options.port() + ": cannot be listened on (" + why + ")", e);
        }
    }

    /** Of clients; a free one was chosen for 0. */
    int port() {
        return clients.getLocalPort();
    }

    /** Asks without the network; nobody else can come this way. The request and its answer are HTTP/1.1 as on the wire. */
    String ask(String request) {
        try {
            return inside.getResponse(request, HttpServer.ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the server does not answer itself", e);
        }
    }

    /** Takes no new connections; tells how many are left, as {@link ClientConnector#drain} does. */
    int drain() {
        return clients.drain();
    }

    /** From the outside in; Javalin attaches itself to the innermost. */
    private Handler handlers() {
        ApiKeys keys = new ApiKeys(options.apiKeys());
        long room = Runtime.getRuntime().maxMemory() / BODIES_SHARE;
        WholeBodyHandler bodies = new WholeBodyHandler(keys::check, options.payloadLimit(), room);
        if (options.corsAllowOrigins().isEmpty()) {
            exchanges.setHandler(bodies);
        } else {
            CrossOriginHandler origins = origins();
            origins.setHandler(bodies);
            exchanges.setHandler(origins);
        }
        return exchanges;
    }

    /** What pages of other origins may do. It stands before all that refuses, so that they can read why. */
    private CrossOriginHandler origins() {
        CrossOriginHandler handler = new CrossOriginHandler();
        handler.setAllowedOriginPatterns(options.corsAllowOrigins().stream()
                .map(origin -> origin.equals("*") ? origin : Pattern.quote(origin))
                .collect(Collectors.toSet()));
        handler.setAllowedMethods(Set.of("GET", "POST"));
        handler.setAllowedHeaders(Set.of(
                "authorization",
                "content-encoding",
                "content-type",
                "inference-header-content-length",
                "traceparent",
                "x-model",
                "x-request-id"));
        handler.setExposedHeaders(Set.copyOf(Answers.HEADERS));
        return handler;
    }

    private ClientConnector connector(Server server, HttpConfiguration http) {
        ClientConnector connector = ClientConnector.of(server, http, options.tls(), options.requestTimeout());
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE.toMillis());
        connector.addBean(new NetworkConnectionLimit(options.maxConnections(), connector));
        return connector;
    }
}
