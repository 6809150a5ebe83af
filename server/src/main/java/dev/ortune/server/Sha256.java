package dev.ortune.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tells a file from every other. */
public final class Sha256 {
    private static final int CHUNK = 1 << 20;

    private Sha256() {}

    /** The SHA-256 of a file's bytes in lower-case hexadecimals. */
    public static String of(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            while (channel.read(chunk.clear()) >= 0) {
                digest.update(chunk.flip());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
