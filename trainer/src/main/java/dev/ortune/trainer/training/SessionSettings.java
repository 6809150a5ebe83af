package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;

/**
 * How a training session runs.
 *
 * @param threads CPU threads within an operator; 0 for one a core
 * @param seed of dropout
 */
public record SessionSettings(int threads, long seed) {
    public SessionSettings {
        if (threads < 0) {
            throw new OrtuneException("threads must not be negative: " + threads);
        }
    }

    /** The number of threads, the default resolved. */
    public int actualThreads() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
