package dev.ortune.trainer.pull;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Reads a stream and closes it when nothing has come for too long, which a socket alone would wait out for ever. */
final class StallGuard implements AutoCloseable {
    private final InputStream stream;
    private final Duration limit;
    private final Thread watch = new Thread(this::watch, "stall guard");
    private volatile long lastByte = System.nanoTime();
    private volatile boolean stalled;

    StallGuard(InputStream stream, Duration limit) {
        this.stream = stream;
        this.limit = limit;
        watch.setDaemon(true);
        watch.start();
    }

    int read(byte[] buffer) throws IOException {
        int read = stream.read(buffer);
        lastByte = System.nanoTime();
        if (stalled) {
            throw new IOException("nothing came for " + limit.toSeconds() + " seconds");
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        stream.close();
    }

    private void watch() {
        try {
            while (System.nanoTime() - lastByte < limit.toNanos()) {
                Thread.sleep(Math.max(1, limit.toMillis() / 10));
            }
            stalled = true;
            stream.close();
        } catch (InterruptedException | IOException over) {
            // The transfer ended, or the stream was closed already: nothing is left to guard.
        }
    }
}
