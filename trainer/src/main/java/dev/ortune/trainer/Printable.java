package dev.ortune.trainer;

/** Text out of a file, made fit for a message: one line, no terminal control sequences, not endless. */
public final class Printable {
    private static final int LONGEST = 200;

    private Printable() {}

    /** {@code text} on one line, cut after 200 characters. */
    public static String of(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return start.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "?");
    }
}
