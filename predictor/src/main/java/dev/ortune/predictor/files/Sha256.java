package dev.ortune.predictor.files;

import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tells a file, or some bytes, from every other. */
public final class Sha256 {
    private static final int CHUNK = 1 << 20;

    private Sha256() {}

    /** The SHA-256 of a file's bytes in lower-case hexadecimals. */
    public static String of(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            MessageDigest digest = digest();
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            while (channel.read(chunk.clear()) >= 0) {
                digest.update(chunk.flip());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** The SHA-256 of bytes, {@code [32]}. */
    public static byte[] of(byte[] bytes) {
        return digest().digest(bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
