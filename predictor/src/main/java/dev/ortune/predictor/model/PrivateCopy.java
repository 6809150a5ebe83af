package dev.ortune.predictor.model;

import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An ONNX file to load, out of everybody's reach. ONNX Runtime reads a file with its weights inside once, but maps external
 * data into memory for as long as the session lives: whoever cut such a file off would take the whole process with it. So a
 * model with external data is loaded from a copy, whose names are gone once it is loaded; the system keeps its contents as
 * long as they are mapped.
 */
record PrivateCopy(Path file, Path folder) implements AutoCloseable {
    /**
     * The file itself where it is alone and ONNX Runtime finds it by its name.
     *
     * @param externalData files beside it that hold its weights
     */
    static PrivateCopy of(Path file, List<Path> externalData) {
        if (externalData.isEmpty() && isReadable(file)) {
            return new PrivateCopy(file, null);
        }
        try {
            Path folder = Files.createTempDirectory("ortune-model-");
            PrivateCopy copy = new PrivateCopy(folder.resolve(file.getFileName()), folder);
            copy.fill(file, externalData);
            return copy;
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be copied to load it (" + e + ")", e);
        }
    }

    /** Characters beyond U+FFFF reach ONNX Runtime's own code in an encoding that names no file. */
    private static boolean isReadable(Path file) {
        return file.toString().chars().noneMatch(unit -> Character.isSurrogate((char) unit));
    }

    private void fill(Path original, List<Path> externalData) throws IOException {
        try {
            Files.copy(original, file);
            for (Path data : externalData) {
                Files.copy(data, folder.resolve(data.getFileName()));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path copied : files.toList()) {
                Files.deleteIfExists(copied);
            }
            Files.deleteIfExists(folder);
        } catch (IOException mapped) {
            // Windows keeps mapped files; the system's own cleaning of temporary files takes them.
        }
    }
}
