package dev.ortune.trainer.report.card;

import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model's {@code README.md}. Its last line holds the digest of what stands above, by which one that a person has edited
 * is known; such a one is never replaced.
 */
public final class CardFile {
    private static final Pattern MARK = Pattern.compile(
            "\\n<!-- Written by Ortune; edit it, and it is left alone. sha256:([0-9a-f]{64}) -->\\n\\z");

    private CardFile() {}

    /** Writes the card; false when there is a README.md already that somebody else wrote or changed. */
    public static boolean write(Path file, String markdown) {
        if (Files.exists(file) && !isUntouched(file)) {
            return false;
        }
        String marked = markdown + "\n<!-- Written by Ortune; edit it, and it is left alone. sha256:" + digest(markdown)
                + " -->\n";
        AtomicFile.write(file, marked.getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private static boolean isUntouched(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            Matcher mark = MARK.matcher(text);
            return mark.find() && mark.group(1).equals(digest(text.substring(0, mark.start())));
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static String digest(String text) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
