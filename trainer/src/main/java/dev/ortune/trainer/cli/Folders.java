package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.training.RunFolder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

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
        Path zoo = models().resolve("pretrained").resolve(path(name));
        if (isName(name) && Files.exists(zoo)) {
            return zoo;
        }
        String hint = isName(name)
                ? ": there is no such model in " + zoo.getParent() + "; \"ortune pull " + name + "\" brings it"
                : ": there is no such folder";
        return existing(path(name)).orElseThrow(() -> new OrtuneException(name + hint));
    }

    /** The folder of a fine-tuned model: by its path, or by its name under models/. */
    static Path model(String name) {
        Path named = models().resolve(path(name));
        if (!Files.exists(path(name)) && isName(name) && Files.exists(named)) {
            return named;
        }
        return existing(path(name)).orElseThrow(() -> new OrtuneException(name + ": there is no such model folder"));
    }

    /** The folder of a training run: that of its model, or the hidden one where an interrupted run left its files. */
    static Path run(String name) {
        Path model = isName(name) && !Files.exists(path(name)) ? models().resolve(path(name)) : path(name);
        return !Files.exists(model) && model.getFileName() != null && Files.exists(RunFolder.hidden(model))
                ? RunFolder.hidden(model)
                : model(name);
    }

    /** The folder of any model; where names are the same, the pretrained one. */
    static Path any(String name) {
        boolean fineTuned = isName(name)
                && !Files.exists(models().resolve("pretrained").resolve(path(name)))
                && Files.exists(models().resolve(path(name)));
        return fineTuned ? model(name) : pretrained(name);
    }

    /** The path as seen from the working directory, else from the launcher's folder. */
    private static Optional<Path> existing(Path path) {
        return Stream.of(path, shortened(home().resolve(path)))
                .filter(Files::exists)
                .findFirst();
    }

    private static boolean isName(String name) {
        return path(name).getNameCount() == 1;
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
