package dev.ortune.predictor;

/**
 * A failure whose message is written for the person at the terminal: one line that names the file, tensor or option at
 * fault and what to do about it. The command line prints the message alone and exits with 1; {@code --verbose} adds the
 * stack trace.
 */
public class OrtuneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OrtuneException(String message) {
        super(message);
    }

    public OrtuneException(String message, Throwable cause) {
        super(message, cause);
    }
}
