package dev.ortune.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.server.jetty.Exchange;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client reads when a request fails: one place that turns failures into JSON. */
final class Errors {
    private static final Logger LOGGER = LoggerFactory.getLogger("server");
    private static final String RETRY_SECONDS = "1";

    private Errors() {}

    static void write(Context context, RequestException failure) {
        ErrorType type = failure.type();
        Exchange exchange = Exchange.of(context.req());
        exchange.failed(type);
        if (type == ErrorType.BACKEND && !exchange.isGone()) {
            LOGGER.warn("request {}: {}", exchange.requestId(), failure.getMessage());
        }
        if (type == ErrorType.OVERLOADED) {
            context.header("Retry-After", RETRY_SECONDS);
        }
        write(context, type.status(), failure.getMessage(), type.wireName());
    }

    /** Javalin's own: no such route, another method, a body that is too large. */
    static void write(Context context, HttpResponseException failure) {
        int status = failure.getStatus();
        if (failure instanceof MethodNotAllowedResponse) {
            // Javalin's only detail, under a name that depends on what the client accepts.
            failure.getDetails().values().stream().findFirst().ifPresent(methods -> context.header("Allow", methods));
        }
        String type = status == ErrorType.TOO_LARGE.status() ? ErrorType.TOO_LARGE.wireName() : "Validation";
        write(context, status, failure.getMessage(), type);
    }

    /** Every failure as one that a client may see; of what nobody expected only that it happened, the log has the rest. */
    static RequestException toRequestException(Throwable failure) {
        if (failure instanceof RequestException known) {
            return known;
        }
        if (failure instanceof CancellationException) {
            return new RequestException(ErrorType.BACKEND, "nobody waited for the answer", failure);
        }
        if (failure instanceof TimeoutException) {
            return new RequestException(ErrorType.BACKEND, "the model did not answer in time", failure);
        }
        LOGGER.error("a request failed unexpectedly", failure);
        return new RequestException(ErrorType.BACKEND, "unexpected failure", failure);
    }

    private static void write(Context context, int status, String message, String type) {
        ObjectNode json = JsonBody.MAPPER.createObjectNode();
        json.put("error", message).put("error_type", type);
        context.status(status);
        Answers.write(context, json);
    }
}
