package dev.ortune.trainer.pull;

import java.io.PrintWriter;
import java.time.Duration;

/** Plain lines for a pipe or a log file: one when a transfer begins, then one now and then. */
public final class LineProgress implements Progress {
    private final PrintWriter out;
    private final Duration interval;
    private String what;
    private long total;
    private long lastLine;

    /** @param interval shortest time between two lines of one transfer */
    public LineProgress(PrintWriter out, Duration interval) {
        this.out = out;
        this.interval = interval;
    }

    @Override
    public void begin(String newWhat, long newTotal) {
        what = newWhat;
        total = newTotal;
        lastLine = System.nanoTime();
        out.println(total < 0 ? what : what + ": " + Bytes.text(total));
        out.flush();
    }

    @Override
    public void at(long bytes) {
        if (System.nanoTime() - lastLine >= interval.toNanos()) {
            lastLine = System.nanoTime();
            String part = total <= 0 ? "" : " of " + Bytes.text(total) + " (" + 100 * bytes / total + " %)";
            out.println(what + ": " + Bytes.text(bytes) + part);
            out.flush();
        }
    }

    @Override
    public void end() {}
}
