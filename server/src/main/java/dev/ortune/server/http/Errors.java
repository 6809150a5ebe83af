package dev.ortune.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.error.ErrorType;
import dev.ortune.server.error.RequestException;
import dev.ortune.server.jetty.Exchange;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;

/** What a client reads when a request fails: one place that turns failures into JSON. */
final class Errors {
    private static final String RETRY_SECONDS = "1";

    private Errors() {}

    static void write(Context context, RequestException failure) {
        ErrorType type = failure.type();
        Exchange.of(context.req()).failed(type);
        if (type == ErrorType.OVERLOADED) {
            context.header("Retry-After", RETRY_SECONDS);
        }
        write(context, type.status(), failure.getMessage(), type.wireName());
    }

    /** Javalin's own: no such route, another method, a body that is too large. */
    static void write(Context context, HttpResponseException failure) {
        int status = failure.getStatus();
        String type = status == ErrorType.TOO_LARGE.status() ? ErrorType.TOO_LARGE.wireName() : "Validation";
        write(context, status, failure.getMessage(), type);
    }

    /** Every failure as one that a client may see; of what nobody expected only that it happened. */
    static RequestException toRequestException(Throwable failure) {
        return failure instanceof RequestException known
                ? known
                : new RequestException(ErrorType.BACKEND, "unexpected failure", failure);
    }

    private static void write(Context context, int status, String message, String type) {
        ObjectNode json = JsonBody.MAPPER.createObjectNode();
        json.put("error", message).put("error_type", type);
        context.status(status);
        Answers.write(context, json);
    }
}
