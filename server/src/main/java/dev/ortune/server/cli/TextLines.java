package dev.ortune.server.cli;

import dev.ortune.predictor.OrtuneException;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of a file or of standard input, UTF-8, a few at a time: files may be larger than memory. */
final class TextLines implements AutoCloseable {
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final String name;
    private final BufferedReader reader;
    private boolean begun;

    private TextLines(String name, InputStream in) {
        this.name = name;
        reader = new BufferedReader(new InputStreamReader(
                in, StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)));
    }

    /** Of {@code file}; of standard input, which stays open, where that is null. */
    static TextLines of(Path file) throws IOException {
        if (file == null) {
            return new TextLines("standard input", new FilterInputStream(System.in) {
                @Override
                public void close() {
                    // Others may read on.
                }
            });
        }
        if (Files.isDirectory(file)) {
            throw new OrtuneException(file + ": is a folder");
        }
        try {
            return new TextLines(file.toString(), Files.newInputStream(file));
        } catch (NoSuchFileException e) {
            throw new OrtuneException(file + ": no such file", e);
        }
    }

    /** Waits for a line and takes, up to {@code most}, those that have come by then; none at the end. */
    List<String> next(int most) throws IOException {
        List<String> lines = new ArrayList<>();
        try {
            skipMark();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (lines.size() == most || !reader.ready()) {
                    return lines;
                }
            }
            return lines;
        } catch (CharacterCodingException e) {
            throw new OrtuneException(name + ": is not UTF-8 text", e);
        }
    }

    /** A byte order mark before the first line is none of its text. */
    private void skipMark() throws IOException {
        if (begun) {
            return;
        }
        begun = true;
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }

    String name() {
        return name;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
