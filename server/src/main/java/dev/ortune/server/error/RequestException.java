package dev.ortune.server.error;

/** A request that cannot be answered; its message is for the client. */
public final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;

    public RequestException(ErrorType type, String message) {
        super(message);
        this.type = type;
    }

    public RequestException(ErrorType type, String message, Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    public ErrorType type() {
        return type;
    }
}
