package dev.ortune.server.jetty;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Puts an {@link Exchange} into every request and tells of it when it has ended, however it did. It is the outermost handler,
 * so that nothing which answers further inside is missed.
 */
public final class Exchanges extends Handler.Wrapper {
    private static final Pattern REQUEST_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

    /** What nginx writes down for a client that did not wait; nobody receives it. */
    private static final int CLIENT_GONE = 499;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final List<Listener> listeners;
    private volatile boolean closing;

    /** Hears of clients' exchanges that have ended; on threads of the server, so it must be quick. */
    @FunctionalInterface
    public interface Listener {
        /**
         * One has ended.
         *
         * @param status of the response; 499 where nobody waited for it
         * @param bytes of the response's body
         */
        void ended(Exchange exchange, int status, long bytes);
    }

    public Exchanges(Listener... listeners) {
        this.listeners = List.of(listeners);
    }

    /** Requests that have no answer yet. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Every answer from now on is the last of its connection, and says so. */
    public void close() {
        closing = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Exchange exchange = new Exchange(
                request,
                requestId(request.getHeaders().get("X-Request-Id")),
                TraceContext.of(request.getHeaders().get("traceparent")));
        request.setAttribute(Exchange.ATTRIBUTE, exchange);
        response.getHeaders().put("X-Request-Id", exchange.requestId());
        response.getHeaders().put("traceparent", exchange.trace().traceparent());
        if (closing) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
        inFlight.incrementAndGet();
        ClientEndPoint client = ClientEndPoint.of(request);
        Request.addCompletionListener(request, failure -> {
            inFlight.decrementAndGet();
            if (client == null) {
                return; // The server asked itself.
            }
            client.answered(exchange);
            int status = exchange.isGone() ? CLIENT_GONE : response.getStatus();
            long bytes = Response.getContentBytesWritten(response);
            listeners.forEach(listener -> listener.ended(exchange, status, bytes));
        });
        return super.handle(request, response, callback);
    }

    private static String requestId(String given) {
        return given != null && REQUEST_ID.matcher(given).matches()
                ? given
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
