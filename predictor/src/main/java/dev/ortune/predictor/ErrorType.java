package dev.ortune.predictor;

/**
 * What can go wrong with a request: the status and the name that text-embeddings-inference gives it. Of a {@link Predictor} come
 * {@code VALIDATION} (a text is too long and not to be cut), {@code TOKENIZER}, {@code BACKEND} (ONNX Runtime failed), {@code
 * BAD_REQUEST} (no input for this model) and {@code UNHEALTHY} (it is being closed); the others are a server's.
 */
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

    /** The HTTP status that says so. */
    public int status() {
        return status;
    }

    /** As {@code error_type} has it. */
    public String wireName() {
        return wireName;
    }
}
