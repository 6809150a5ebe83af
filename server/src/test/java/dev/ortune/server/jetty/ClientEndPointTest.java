package dev.ortune.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.server.RawClient;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A look at a connection that comes when the answer has just left, and Jetty waits for the next request. */
@Timeout(60)
class ClientEndPointTest {
    private static final int REQUESTS = 200;

    @Test
    void aLookThatComesTooLateTakesNoRequestAway() throws Exception {
        Server server = new Server();
        ClientConnector connector = ClientConnector.of(server, new HttpConfiguration(), null, Duration.ofSeconds(30));
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                callback.succeeded();
                return true;
            }
        });
        server.start();
        AtomicBoolean done = new AtomicBoolean();
        Thread looking = new Thread(() -> {
            while (!done.get()) {
                connector.getConnectedEndPoints().forEach(endPoint -> ((ClientEndPoint) endPoint).hasHungUp());
            }
        });
        looking.start();
        try (RawClient client = new RawClient(new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort()))) {
            for (int i = 0; i < REQUESTS; i++) {
                client.send(RawClient.get("/"));
                assertThat(client.receive().status()).as("request %d", i).isEqualTo(200);
            }
        } finally {
            done.set(true);
            looking.join();
            server.stop();
        }
    }
}
