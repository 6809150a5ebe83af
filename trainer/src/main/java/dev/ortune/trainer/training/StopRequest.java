package dev.ortune.trainer.training;

/** Whether someone wants a run to stop; asked after each step and each batch of an evaluation. */
@FunctionalInterface
public interface StopRequest {
    /** Never. */
    StopRequest NONE = () -> false;

    boolean requested();

    /** Throws {@link Stopped} when stopping was asked for. */
    default void check() {
        if (requested()) {
            throw new Stopped();
        }
    }

    /** A run was stopped as asked; nothing is wrong. */
    final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("interrupted");
        }
    }

    /** A run was left where {@link Pause} says; nothing is wrong. */
    final class Paused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Paused() {
            super("paused");
        }
    }
}
