package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import java.time.Duration;

/**
 * How often and how patiently a broken transfer is taken up again.
 *
 * @param attempts tries in a row that may bring nothing new
 * @param first pause before the second try; each further one is twice as long
 * @param longest no pause is longer
 * @param stall a connection that brings nothing for so long is broken
 */
record Retries(int attempts, Duration first, Duration longest, Duration stall) {
    static final Retries DEFAULT =
            new Retries(6, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(60));

    /** The pause after so many failures in a row, at least what the server asked for, within the longest. */
    Duration pause(int failures, Duration asked) {
        long backOff = first.toMillis() << Math.min(failures - 1, 20);
        return Duration.ofMillis(Math.min(Math.max(backOff, asked.toMillis()), longest.toMillis()));
    }

    static void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OrtuneException("Interrupted while waiting to try again", e);
        }
    }
}
