package dev.ortune.server.error;

/** What can go wrong with a request: the status and the name that text-embeddings-inference gives it. */
public enum ErrorType {
    VALIDATION(422, "Validation"),
    BATCH_SIZE(422, "Validation"),
    TOKENIZER(422, "Tokenizer"),
    EMPTY(400, "Empty"),
    BACKEND(424, "Backend"),
    OVERLOADED(429, "Overloaded"),
    UNHEALTHY(503, "Unhealthy"),
    BAD_REQUEST(400, "Validation"),
    UNAUTHORIZED(401, "Unauthorized"),
    NOT_FOUND(404, "NotFound"),
    TOO_LARGE(413, "PayloadTooLarge"),
    UNSUPPORTED_ENCODING(415, "Validation");

    private final int status;
    private final String wireName;

    ErrorType(int status, String wireName) {
        this.status = status;
        this.wireName = wireName;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** As {@code error_type} has it. */
    public String wireName() {
        return wireName;
    }
}
