package dev.ortune.trainer.training;

import java.util.Locale;

/** What a run does at a step whose loss or gradient is no number. */
public enum OnNan {
    /** It ends. */
    STOP,
    /** It leaves the step's update out and goes on, unless that happens again and again. */
    SKIP;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
