package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;

/** A run ended before a step whose loss or gradient is no number; with {@code --on-nan skip} it could go on. */
public final class NotANumberException extends OrtuneException {
    private static final long serialVersionUID = 1L;

    NotANumberException(String message) {
        super(message);
    }
}
