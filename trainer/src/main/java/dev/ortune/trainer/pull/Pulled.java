package dev.ortune.trainer.pull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a pull ended with.
 *
 * @param name what was asked for
 * @param folder where it lies
 * @param bytes size of all its files together
 * @param already whether it was there before and nothing was done
 * @param origin where it is from and its licence
 */
public record Pulled(String name, Path folder, long bytes, boolean already, String origin) {
    static Pulled now(String name, Path folder, String origin) throws IOException {
        return new Pulled(name, folder, size(folder), false, origin);
    }

    static Pulled before(String name, Path folder, String origin) throws IOException {
        return new Pulled(name, folder, size(folder), true, origin);
    }

    /** One line for the terminal. */
    public String line() {
        return already
                ? name + " is already in " + folder + " (" + Bytes.text(bytes) + "); --force pulls it again"
                : name + " is in " + folder + " (" + Bytes.text(bytes) + "; " + origin + ")";
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            long total = 0;
            for (Path file : regular) {
                total += Files.size(file);
            }
            return total;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
