package dev.ortune.trainer.report.run;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The lines of a text file that a run wrote. */
final class TextFile {
    /** A report of more would not open in a browser anyway. */
    private static final long LARGEST = 1L << 30;

    private TextFile() {}

    /** All lines, ended by line feeds alone: a text may hold what Unicode calls a line separator. */
    static List<String> lines(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new OrtuneException(file + ": is too large to report on (" + Files.size(file) + " bytes)");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            String whole = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            return whole.isEmpty() ? List.of() : List.of(whole.split("\n", -1));
        } catch (CharacterCodingException e) {
            throw new OrtuneException(file + ": is no valid UTF-8", e);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
