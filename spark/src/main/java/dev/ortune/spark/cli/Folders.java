package dev.ortune.spark.cli;

import dev.ortune.predictor.OrtuneException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where models are: {@code models/} beside the launcher, or wherever Hadoop finds them. */
final class Folders {
    private Folders() {}

    /** The folder of a model: by its path, as seen from here or from the launcher, or by its name under models/. */
    static String model(String name) {
        if (name.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
            return name;
        }
        Path home = Path.of(System.getProperty("ortune.home", ""));
        return Stream.of(
                        Path.of(name),
                        home.resolve(name),
                        home.resolve("models").resolve(name))
                .filter(Files::isDirectory)
                .findFirst()
                .map(folder -> folder.toAbsolutePath().normalize().toString())
                .orElseThrow(() -> new OrtuneException(name + ": there is no such model folder"));
    }
}
