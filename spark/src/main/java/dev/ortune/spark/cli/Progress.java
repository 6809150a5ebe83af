package dev.ortune.spark.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** A line on standard error that follows the partitions. */
final class Progress extends SparkListener {
    private static final long EVERY_NANOS = 10_000_000_000L;

    private final PrintWriter err;
    private final boolean terminal;
    private final int partitions;
    private final int before;
    private final LongSupplier rows;
    private final long start = System.nanoTime();
    private int done;
    private long said = start;

    /**
     * Says nothing yet.
     *
     * @param terminal whether a line can be drawn over
     * @param before partitions that were there
     * @param rows that are done
     */
    Progress(PrintWriter err, boolean terminal, int partitions, int before, LongSupplier rows) {
        this.err = err;
        this.terminal = terminal;
        this.partitions = partitions;
        this.before = before;
        this.rows = rows;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (!end.taskInfo().successful()) {
            return;
        }
        done++;
        long now = System.nanoTime();
        if (terminal || now - said > EVERY_NANOS) {
            said = now;
            err.print((terminal ? "\r" : "") + line(now) + (terminal ? "\033[K" : System.lineSeparator()));
            err.flush();
        }
    }

    private String line(long now) {
        double seconds = (now - start) / 1e9;
        int counted = Math.min(partitions, done);
        double left = seconds / Math.max(1, done - before) * Math.max(0, partitions - done);
        return String.format(
                Locale.ROOT,
                "%,d rows, %,.0f rows/s, %d of %d partitions, %.0f s left",
                rows.getAsLong(),
                rows.getAsLong() / seconds,
                counted,
                partitions,
                left);
    }

    /** Ends the line. */
    synchronized void end() {
        if (terminal && done > 0) {
            err.println();
            err.flush();
        }
    }
}
