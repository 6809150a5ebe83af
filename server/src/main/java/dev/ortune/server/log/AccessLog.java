package dev.ortune.server.log;

import dev.ortune.server.jetty.Exchange;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** A line for each request that ended. Neither texts nor query strings are in it, since both may be private. */
public final class AccessLog {
    static final String NAME = "access";

    private final Logger logger = LoggerFactory.getLogger(NAME);

    /** Writes the line; {@code bytes} are the response's. */
    public void write(Exchange exchange, int status, long bytes) {
        Request request = exchange.request();
        LoggingEventBuilder line = logger.atInfo()
                .addKeyValue("client", Request.getRemoteAddr(request))
                .addKeyValue("status", status)
                .addKeyValue("bytes", bytes)
                .addKeyValue("duration_ms", millis(exchange.age()));
        Exchange.Times times = exchange.times();
        if (exchange.model() != null) {
            line = line.addKeyValue("model", exchange.model())
                    .addKeyValue("texts", exchange.lengths().length)
                    .addKeyValue("tokens", Arrays.stream(exchange.lengths()).sum());
        }
        if (times != null) {
            line = line.addKeyValue("queue_ms", millis(times.queue()))
                    .addKeyValue("inference_ms", millis(times.inference()));
        }
        if (exchange.failure() != null) {
            line = line.addKeyValue("error_type", exchange.failure().wireName());
        }
        line.addKeyValue("request_id", exchange.requestId())
                .addKeyValue("trace_id", exchange.trace().traceId())
                .log(request.getMethod() + " " + request.getHttpURI().getPath());
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1000.0) / 1000.0;
    }
}
