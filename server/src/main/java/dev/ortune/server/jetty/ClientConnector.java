package dev.ortune.server.jetty;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Takes connections and looks over them a few times a second: one that has been sending the same request for too long is
 * closed, however steadily its bytes drip, and an exchange whose client has hung up is told so.
 */
public final class ClientConnector extends ServerConnector {
    private static final long LOOK_MILLIS = 50;

    /** A client that has just had an answer and is about to ask again finds its connection still there. */
    private static final long LINGER = Duration.ofMillis(500).toNanos();

    /** Who has sent a part of a request, or nothing, and then stops holds up no server that is to end. */
    private static final long STALL = Duration.ofSeconds(5).toNanos();

    private final long patience;
    private volatile long closingSince;

    /**
     * Not started yet.
     *
     * @param tls null for HTTP in the clear
     * @param patience how long a request may take to arrive, from its first byte to its last
     */
    public static ClientConnector of(Server server, HttpConfiguration http, Tls tls, Duration patience) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        if (tls == null) {
            return new ClientConnector(server, patience, plain);
        }
        // Which of several names a client asked for makes no difference here.
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(tls.context());
        ssl.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        return new ClientConnector(server, patience, new SslConnectionFactory(ssl, plain.getProtocol()), plain);
    }

    private ClientConnector(Server server, Duration patience, ConnectionFactory... protocols) {
        super(server, protocols);
        this.patience = patience.toNanos();
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint = new ClientEndPoint(channel, selector, key, getScheduler(), getExecutor());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        lookAgain();
    }

    private void lookAgain() {
        getScheduler().schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (!isRunning()) {
            return;
        }
        getConnectedEndPoints().forEach(endPoint -> {
            if (endPoint instanceof ClientEndPoint client) {
                look(client);
            }
        });
        lookAgain();
    }

    /**
     * Takes no new connections from now on, so that the port is free for another program. Those that are there stay until
     * their requests are answered and no further one has come for a moment.
     *
     * @return connections that are left; to be called again until there are none
     */
    public int drain() {
        if (isOpen()) {
            close();
            closingSince = System.nanoTime();
        }
        long closing = System.nanoTime() - closingSince;
        getConnectedEndPoints().forEach(endPoint -> {
            if (endPoint instanceof ClientEndPoint client
                    && (Math.min(closing, client.idle()) > LINGER || client.stalled() > STALL)) {
                client.getConnection().close();
            }
        });
        return getConnectedEndPoints().size();
    }

    private void look(ClientEndPoint client) {
        Exchange exchange = client.answering();
        if (exchange != null) {
            if (exchange.age().toMillis() >= LOOK_MILLIS && !exchange.isGone() && client.hasHungUp()) {
                exchange.gone();
            }
        } else if (client.receiving() > patience) {
            client.close(new TimeoutException("the request did not arrive in time"));
        }
    }
}
