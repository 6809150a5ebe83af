package dev.ortune.trainer.sweep;

import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process prints into a log.
 *
 * @param file the log
 * @param start where its own part of it begins
 */
record LogLines(Path file, long start) {
    private static final int MOST_BYTES = 8192;
    private static final int MOST_LINES = 5;

    /** What comes behind that which is there. */
    static LogLines behind(Path file) {
        try {
            return new LogLines(file, Files.exists(file) ? Files.size(file) : 0);
        } catch (IOException e) {
            return new LogLines(file, 0);
        }
    }

    /** The last lines, without what could move a terminal's cursor. */
    List<String> last(String otherwise) {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(start, log.length() - MOST_BYTES);
            byte[] bytes = new byte[(int) Math.max(0, log.length() - from)];
            log.seek(from);
            log.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(Printable::of)
                    .toList();
            return lines.isEmpty()
                    ? List.of(otherwise)
                    : lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
        } catch (IOException e) {
            return List.of(otherwise);
        }
    }
}
