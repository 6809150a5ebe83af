package dev.ortune.trainer.pull;

import java.io.IOException;
import java.time.Duration;

/** A transfer broke in a way that another try may mend. */
final class BrokenException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration pause;

    BrokenException(String message, Throwable cause) {
        super(message, cause);
        this.pause = Duration.ZERO;
    }

    /** @param pause what the server asks to wait */
    BrokenException(String message, Duration pause) {
        super(message);
        this.pause = pause;
    }

    Duration pause() {
        return pause;
    }
}
