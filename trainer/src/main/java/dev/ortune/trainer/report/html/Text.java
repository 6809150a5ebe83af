package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.statistics.Interval;
import java.util.Locale;

/** Numbers as a page shows them. */
final class Text {
    private Text() {}

    /** Four decimals, or a dash for what is not defined. */
    static String score(double value) {
        return Double.isNaN(value) ? "–" : signed(Format.score(value));
    }

    static String interval(Interval interval) {
        return score(interval.low()) + " to " + score(interval.high());
    }

    /** With three decimals. */
    static String shortInterval(Interval interval) {
        return signed(String.format(Locale.ROOT, "%.3f to %.3f", interval.low(), interval.high()));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** With its sign in any case. */
    static String difference(double value) {
        return signed(String.format(Locale.ROOT, "%+.4f", value));
    }

    /** A probability under chance, of which the samples of a bootstrap tell no more than three decimals. */
    static String p(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** A number of things: 1 sentence, 2 sentences. */
    static String count(long number, String one) {
        return Format.count(number) + " " + one + (number == 1 ? "" : "s");
    }

    /** With a proper minus sign. */
    private static String signed(String number) {
        return number.replace('-', '\u2212');
    }
}
