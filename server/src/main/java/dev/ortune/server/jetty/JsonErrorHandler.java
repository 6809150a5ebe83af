package dev.ortune.server.jetty;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ortune.server.error.ErrorType;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Says in JSON what Jetty itself refuses: headers that are too long, bodies that are too large, what is no HTTP. */
public final class JsonErrorHandler extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request, Response response, int status, String message, Throwable cause, Callback callback) {
        boolean large = status == ErrorType.TOO_LARGE.status();
        if (request.getAttribute(Exchange.ATTRIBUTE) instanceof Exchange exchange) {
            if (large) {
                exchange.failed(ErrorType.TOO_LARGE);
            }
        } else {
            // Refused before any handler: its body is not read, so no other request can follow it, and its client has
            // to know.
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
        String said = message == null || message.isBlank() ? HttpStatus.getMessage(status) : message;
        String json = JsonNodeFactory.instance
                .objectNode()
                .put("error", said)
                .put("error_type", large ? ErrorType.TOO_LARGE.wireName() : ErrorType.BAD_REQUEST.wireName())
                .toString();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, json, callback);
    }
}
