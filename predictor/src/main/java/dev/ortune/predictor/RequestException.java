package dev.ortune.predictor;

/** An input, or a request with several, that cannot be answered; its message is for whoever asked. */
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

    /** What kind of failure it is. */
    public ErrorType type() {
        return type;
    }
}
