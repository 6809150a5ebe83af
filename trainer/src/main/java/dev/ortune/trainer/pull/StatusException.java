package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import java.net.URI;

/** A server refused a request for good. */
final class StatusException extends OrtuneException {
    private static final long serialVersionUID = 1L;

    private final int status;

    StatusException(URI uri, int status) {
        super(uri + " answers " + status);
        this.status = status;
    }

    int status() {
        return status;
    }
}
