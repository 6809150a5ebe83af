package dev.ortune.server.cli;

import dev.ortune.predictor.OrtuneException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where models are: {@code models/} beside the launcher. */
final class Folders {
    private Folders() {}

    /** The folder of a model: by its path, as seen from here or from the launcher, or by its name under models/. */
    static Path model(String name) {
        try {
            Path home = Path.of(System.getProperty("ortune.home", ""));
            Stream<Path> places = Stream.of(
                    Path.of(name), home.resolve(name), home.resolve("models").resolve(name));
            return places.filter(Files::isDirectory)
                    .findFirst()
                    .map(Folders::shortened)
                    .orElseThrow(() -> new OrtuneException(name + ": there is no such model folder"));
        } catch (InvalidPathException e) {
            throw new OrtuneException(name + ": no valid folder name: " + e.getReason(), e);
        }
    }

    /** Relative to the working directory when it lies in it, so that messages stay short. */
    private static Path shortened(Path folder) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = folder.toAbsolutePath().normalize();
        return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    }
}
