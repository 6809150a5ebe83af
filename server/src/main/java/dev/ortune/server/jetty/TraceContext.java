package dev.ortune.server.jetty;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * The trace that a request belongs to, by W3C's {@code traceparent} (www.w3.org/TR/trace-context): the client's trace goes
 * on, or a new one starts.
 *
 * @param traceId 32 hexadecimals, not all 0
 * @param spanId of the work done here, 16 hexadecimals, not all 0
 * @param flags two hexadecimals; 01 where the caller records the trace
 */
public record TraceContext(String traceId, String spanId, String flags) {
    /** Later versions may go on after the flags; the first has nothing there, and version ff is none. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)(?:00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})"
                    + "|(?!00)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?)");

    /**
     * Of a request's header.
     *
     * @param traceparent null or malformed starts a new trace
     */
    static TraceContext of(String traceparent) {
        var matcher = traceparent == null ? null : FORM.matcher(traceparent);
        if (matcher == null || !matcher.matches()) {
            return new TraceContext(hex(2), hex(1), "00");
        }
        boolean first = matcher.group(1) != null;
        return new TraceContext(matcher.group(first ? 1 : 3), hex(1), matcher.group(first ? 2 : 4));
    }

    /** As the response says it. */
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }

    /** Random numbers of 64 bits that are not 0; ids need not be secret. */
    private static String hex(int longs) {
        StringBuilder text = new StringBuilder(16 * longs);
        for (int i = 0; i < longs; i++) {
            long number;
            do {
                number = ThreadLocalRandom.current().nextLong();
            } while (number == 0);
            text.append(HexFormat.of().toHexDigits(number));
        }
        return text.toString();
    }
}
