package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where models are: {@code models/} beside the launcher. */
final class Folders {
    private Folders() {}

    /** Ortune's own root folder, which the launcher names; the working directory without it. */
    static Path home() {
        return Path.of(System.getProperty("ortune.home", ""));
    }

    static Path models() {
        return shortened(home().resolve("models"));
    }

    /** The folder of a pretrained model: one under models/pretrained by its name, or any by its path. */
    static Path pretrained(String name) {
        Path path = path(name);
        Path zoo = models().resolve("pretrained").resolve(path);
        if (path.getNameCount() == 1 && Files.exists(zoo)) {
            return zoo;
        }
        if (Files.exists(path)) {
            return path;
        }
        String hint = path.getNameCount() == 1
                ? ": there is no such model in " + zoo.getParent() + "; \"ortune pull " + name + "\" brings it"
                : ": there is no such folder";
        throw new OrtuneException(name + hint);
    }

    /** The folder of a fine-tuned model: by its path, or by its name under models/. */
    static Path model(String name) {
        Path path = path(name);
        Path named = models().resolve(path);
        if (Files.exists(path)) {
            return path;
        }
        if (path.getNameCount() == 1 && Files.exists(named)) {
            return named;
        }
        Path fromHome = shortened(home().resolve(path));
        if (Files.exists(fromHome)) {
            return fromHome;
        }
        throw new OrtuneException(name + ": there is no such model folder");
    }

    /** The folder of any model, fine-tuned or pretrained. */
    static Path any(String name) {
        Path path = path(name);
        return path.getNameCount() == 1
                        && Files.exists(models().resolve("pretrained").resolve(path))
                ? pretrained(name)
                : path.getNameCount() == 1 && !Files.exists(path) && !Files.exists(models().resolve(path))
                        ? pretrained(name)
                        : model(name);
    }

    /** Relative to the working directory when it lies in it, so that messages stay short. */
    static Path shortened(Path folder) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = folder.toAbsolutePath().normalize();
        return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new OrtuneException(name + ": no valid folder name: " + e.getReason(), e);
        }
    }
}
