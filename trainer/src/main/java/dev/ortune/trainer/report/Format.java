package dev.ortune.trainer.report;

import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
public final class Format {
    private static final int MINUTE = 60;

    private Format() {}

    /** A loss or a metric: four decimals. */
    public static String score(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** One decimal. */
    public static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** A learning rate: three digits and an exponent. */
    public static String rate(double value) {
        return String.format(Locale.ROOT, "%.2e", value);
    }

    /** A count, its thousands apart. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A share in per cent: two digits that count, as of few weights among many. */
    public static String percent(long part, long whole) {
        double share = 100.0 * part / whole;
        return String.format(Locale.ROOT, share < 1 ? "%.2f %%" : "%.1f %%", share);
    }

    /** A span of time: 42 s, 3:05 min, 1:02:09 h. */
    public static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < MINUTE) {
            return whole + " s";
        }
        if (whole < MINUTE * MINUTE) {
            return String.format(Locale.ROOT, "%d:%02d min", whole / MINUTE, whole % MINUTE);
        }
        return String.format(
                Locale.ROOT, "%d:%02d:%02d h", whole / MINUTE / MINUTE, whole / MINUTE % MINUTE, whole % MINUTE);
    }
}
