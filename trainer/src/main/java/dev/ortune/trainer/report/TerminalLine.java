package dev.ortune.trainer.report;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * A line on standard error that is written over, as wide as the terminal is. The progress bar's own consumer has the
 * terminal take the signals, and Ctrl-C would end the process at once; with this one they stay whose they are.
 */
final class TerminalLine implements ProgressBarConsumer {
    private static final int USUAL_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 10;

    private final PrintStream err = System.err;
    private final Terminal terminal;

    TerminalLine() {
        try {
            terminal = TerminalBuilder.builder().dumb(true).nativeSignals(false).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int getMaxRenderedLength() {
        int columns = terminal.getWidth();
        return (columns < LEAST_COLUMNS ? USUAL_COLUMNS : columns) - 1;
    }

    @Override
    public void accept(String line) {
        err.print("\r" + line);
        err.flush();
    }

    @Override
    public void clear() {
        accept(" ".repeat(getMaxRenderedLength()));
        accept("");
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
