package dev.ortune.trainer.data;

import java.util.List;

/**
 * How a file was read where that was no matter of course.
 *
 * @param numbered the labels' numbers in the file and the names that they were taken for, {@code 0 for ham, 1 for spam}; empty
 *     where the file has the names, or the labels have none
 * @param notices what a person should know of it, a line each
 */
public record Reading(String numbered, List<String> notices) {
    /** As it stands there. */
    public static final Reading PLAIN = new Reading("", List.of());

    public Reading {
        notices = List.copyOf(notices);
    }
}
