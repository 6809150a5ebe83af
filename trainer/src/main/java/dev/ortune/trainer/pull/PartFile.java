package dev.ortune.trainer.pull;

import dev.ortune.trainer.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The part of a file that has come so far, in {@code NAME.part}, and in {@code NAME.part.tag} the two entity tags that say
 * which version of the file it is a part of.
 */
record PartFile(Path file) {
    /**
     * Names of a file's version; the empty string where the server gives none.
     *
     * @param served by the server that sends the bytes, for If-Range
     * @param linked by the hub, of the file itself
     */
    record Version(String served, String linked) {
        static final Version UNKNOWN = new Version("", "");

        /** Whether the bytes of another connection can be told from those of another version. */
        boolean isKnown() {
            return isStrong() || Sha256.fromEntityTag(linked).isPresent();
        }

        boolean isStrong() {
            return served.startsWith("\"");
        }
    }

    private Path part() {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    private Path tag() {
        return file.resolveSibling(file.getFileName() + ".part.tag");
    }

    /** Bytes that can be kept: none when nothing tells which version they are of. */
    long size() throws IOException {
        return Files.exists(part()) && version().isKnown() ? Files.size(part()) : 0;
    }

    Version version() throws IOException {
        if (!Files.exists(tag())) {
            return Version.UNKNOWN;
        }
        List<String> lines = Files.readAllLines(tag());
        return lines.size() == 2 ? new Version(lines.get(0), lines.get(1)) : Version.UNKNOWN;
    }

    /** Begins an empty part of a version. */
    OutputStream begin(Version version) throws IOException {
        delete();
        Files.write(tag(), List.of(version.served(), version.linked()));
        return Files.newOutputStream(part(), StandardOpenOption.CREATE_NEW);
    }

    /** Goes on where the part ends. */
    OutputStream append() throws IOException {
        return Files.newOutputStream(part(), StandardOpenOption.APPEND);
    }

    String sha256() throws IOException {
        return Sha256.of(part());
    }

    void delete() throws IOException {
        Files.deleteIfExists(part());
        Files.deleteIfExists(tag());
    }

    /** The part is the whole: it gets the file's name. */
    void finish() throws IOException {
        Files.move(part(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(tag());
    }
}
