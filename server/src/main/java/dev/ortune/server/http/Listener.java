package dev.ortune.server.http;

import dev.ortune.server.jetty.ClientConnector;
import dev.ortune.server.jetty.Exchanges;
import dev.ortune.server.jetty.JsonErrorHandler;
import dev.ortune.server.jetty.WholeBodyHandler;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;

/** Jetty as this server needs it: one connector, and before Javalin the handlers that keep bad clients from its threads. */
final class Listener {
    /** Of all headers of a request together, in bytes. */
    private static final int LARGEST_HEADERS = 16 << 10;

    /** Longer than any answer takes. */
    private static final Duration IDLE = HttpServer.ANSWER.plusSeconds(5);

    private Listener() {}

    static void install(JavalinConfig config, ServerOptions options, Exchanges exchanges) {
        config.jetty.modifyHttpConfiguration(http -> {
            http.setRequestHeaderSize(LARGEST_HEADERS);
            http.setSendServerVersion(false);
            http.setSendDateHeader(false);
        });
        config.jetty.addConnector((server, http) -> connector(server, http, options));
        config.jetty.modifyServer(server -> {
            server.setHandler(handlers(options, exchanges));
            server.setErrorHandler(new JsonErrorHandler());
        });
    }

    /** From the outside in; Javalin attaches itself to the innermost. */
    private static Handler handlers(ServerOptions options, Exchanges exchanges) {
        WholeBodyHandler bodies = new WholeBodyHandler(options.payloadLimit());
        bodies.setHandler(new ClientConnector.Arrival());
        exchanges.setHandler(bodies);
        return exchanges;
    }

    private static ClientConnector connector(Server server, HttpConfiguration http, ServerOptions options) {
        ClientConnector connector = ClientConnector.of(server, http, options.tls(), options.requestTimeout());
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE.toMillis());
        connector.addBean(new NetworkConnectionLimit(options.maxConnections(), connector));
        return connector;
    }
}
