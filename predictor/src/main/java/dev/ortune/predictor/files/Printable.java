package dev.ortune.predictor.files;

import java.util.regex.Pattern;

/** Text out of a file, made fit for a message: one line, no terminal control sequences, not endless. */
public final class Printable {
    private static final int LONGEST = 200;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

    private Printable() {}

    /** {@code text} on one line, cut after 200 characters. */
    public static String of(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return UNPRINTABLE.matcher(start).replaceAll("?");
    }

    /** Whether {@code text} is one line without terminal control sequences. */
    public static boolean isPlain(String text) {
        return !UNPRINTABLE.matcher(text).find();
    }
}
