package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;

/** No connection to a host came about: no network, no such host, or nothing that listens there. */
final class UnreachableException extends OrtuneException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String host, Throwable cause) {
        super(host + " cannot be reached; check the network", cause);
    }
}
