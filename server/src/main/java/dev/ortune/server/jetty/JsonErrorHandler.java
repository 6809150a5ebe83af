package dev.ortune.server.jetty;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ortune.predictor.ErrorType;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Says in JSON what is refused before any route is asked: by Jetty itself, or by {@link WholeBodyHandler}. */
public final class JsonErrorHandler extends ErrorHandler {
    private static final String RETRY_SECONDS = "1";

    /** Whatever the method, unlike Jetty. */
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request, Response response, int status, String message, Throwable cause, Callback callback) {
        ErrorType type = type(status);
        if (request.getAttribute(Exchange.ATTRIBUTE) instanceof Exchange exchange) {
            if (type != ErrorType.BAD_REQUEST) {
                exchange.failed(type);
            }
        } else {
            // Refused before any handler: its body is not read, so no other request can follow it, and its client has
            // to know.
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
        if (type == ErrorType.UNAUTHORIZED) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        } else if (type == ErrorType.OVERLOADED) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
        }
        if (type == ErrorType.UNSUPPORTED_ENCODING) {
            response.getHeaders().put(HttpHeader.ACCEPT_ENCODING, Packing.ACCEPTED);
        }
        String said = message == null || message.isBlank() ? HttpStatus.getMessage(status) : message;
        String json = JsonNodeFactory.instance
                .objectNode()
                .put("error", said)
                .put("error_type", type.wireName())
                .toString();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, json, callback);
    }

    private static ErrorType type(int status) {
        return Stream.of(
                        ErrorType.TOO_LARGE,
                        ErrorType.UNAUTHORIZED,
                        ErrorType.OVERLOADED,
                        ErrorType.UNSUPPORTED_ENCODING)
                .filter(type -> type.status() == status)
                .findFirst()
                .orElse(ErrorType.BAD_REQUEST);
    }
}
