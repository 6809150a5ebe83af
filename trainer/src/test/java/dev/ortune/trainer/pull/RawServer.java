package dev.ortune.trainer.pull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** An HTTP server on loopback, simple enough to break off where a test wants it to. One request a connection. */
final class RawServer implements AutoCloseable {
    /** @param headers by lower-case name */
    record Request(String path, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /**
     * An answer, sent as it is: Content-Length only if it is among the headers.
     *
     * @param stall milliseconds to wait after the body before the connection closes
     */
    record Response(int status, Map<String, String> headers, byte[] body, int stall) {
        static Response empty(int status, Map<String, String> headers) {
            return new Response(status, headers, new byte[0], 0);
        }
    }

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Function<Request, Response> handler;

    RawServer(Function<Request, Response> handler) throws IOException {
        this.handler = handler;
        Thread thread = new Thread(this::serve, "raw server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Every request so far, in order. */
    List<Request> requests() {
        return requests;
    }

    void handler(Function<Request, Response> next) {
        handler = next;
    }

    /** The server's address under a name of loopback: two names are two hosts to a client. */
    URI uri(String host) {
        return URI.create("http://" + host + ":" + socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                answer(connection);
            } catch (IOException clientWentAway) {
                // The next connection is served all the same.
            }
        }
    }

    private void answer(Socket connection) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
        String path = in.readLine().split(" ", -1)[1];
        Map<String, String> headers = new TreeMap<>();
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        Request request = new Request(path, headers);
        requests.add(request);
        Response response = handler.apply(request);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + response.status() + " Told\r\nConnection: close\r\n");
        response.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        OutputStream out = connection.getOutputStream();
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(response.body());
        out.flush();
        if (response.stall() > 0) {
            Retries.sleep(Duration.ofMillis(response.stall()));
        }
    }
}
