package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.FolderTree;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Sha256;
import dev.ortune.trainer.artifacts.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The points from which a run can go on: folders {@code checkpoint-STEP}, each with ONNX Runtime's checkpoint (two files
 * where one cannot hold it), the state of the loop and the SHA-256 of each, and the best weights up to there. A folder has its name only once all of it is on
 * disk; the last two are kept, so that there is one even when the newest cannot be read.
 */
final class Checkpoints {
    private static final int KEPT = 2;
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,9})");
    private static final String TEMPORARY = ".checkpoint.tmp";
    private static final String SESSION = "checkpoint";
    private static final String STATE = "trainer_state.json";
    private static final String SUMS = "SHA256SUMS";

    private final Path folder;
    private final List<Path> best;

    private Checkpoints(ModelFolder run) {
        this.folder = run.training();
        this.best = List.of(run.weights(), run.adapterWeights());
    }

    /** Those of a run. */
    static Checkpoints in(ModelFolder run) {
        return new Checkpoints(run);
    }

    /**
     * One point of a run.
     *
     * @param session ONNX Runtime's checkpoint with the optimizer's state
     * @param state of the loop
     */
    record Saved(Path session, ObjectNode state) {}

    /** Steps done at the last one; empty when there is none. */
    OptionalInt lastStep() {
        return all().stream().mapToInt(Checkpoints::step).findFirst();
    }

    /**
     * Writes one, and removes those that are no longer needed.
     *
     * @param step optimizer steps done
     * @param session writes ONNX Runtime's checkpoint into the file that it is given
     * @param state of the loop
     */
    void save(int step, Consumer<Path> session, ObjectNode state) {
        Path temporary = folder.resolve(TEMPORARY);
        try {
            FolderTree.deleteAll(temporary);
            Files.createDirectory(temporary);
            session.accept(temporary.resolve(SESSION));
            for (Path file : best) {
                if (Files.exists(file)) {
                    share(file, temporary.resolve(file.getFileName()));
                }
            }
            for (String file : sessionFiles(temporary)) {
                AtomicFile.force(temporary.resolve(file));
            }
            AtomicFile.write(temporary.resolve(STATE), JsonFile.bytes(state));
            AtomicFile.write(temporary.resolve(SUMS), sums(temporary).getBytes(StandardCharsets.UTF_8));
            Path named = folder.resolve("checkpoint-" + step);
            FolderTree.deleteAll(named);
            Files.move(temporary, named, StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.force(folder);
            for (Path old : all().stream().skip(KEPT).toList()) {
                FolderTree.deleteAll(old);
            }
        } catch (IOException e) {
            throw new OrtuneException(folder + ": the checkpoint cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /**
     * The last one that is as it was written; broken ones after it are removed. The run's best weights are again those
     * of that point: evaluations after it may not repeat themselves to the bit, on a GPU or with other threads.
     *
     * @param notice told of each broken one in a line
     */
    Optional<Saved> latest(Consumer<String> notice) {
        for (Path checkpoint : all()) {
            Optional<String> fault = fault(checkpoint);
            if (fault.isEmpty()) {
                best.forEach(file -> restore(checkpoint.resolve(file.getFileName()), file));
                return Optional.of(
                        new Saved(checkpoint.resolve(SESSION), JsonFile.readObject(checkpoint.resolve(STATE))));
            }
            notice.accept(checkpoint + " is broken (" + fault.get() + ") and passed over");
            deleteAll(checkpoint);
        }
        return Optional.empty();
    }

    private static void restore(Path kept, Path file) {
        if (!Files.exists(kept)) {
            return;
        }
        try {
            Files.deleteIfExists(file);
            share(kept, file);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be taken from " + kept + " (" + e.getMessage() + ")", e);
        }
    }

    /** A second name for a file that is only ever replaced, never written to; a copy where there are no such names. */
    private static void share(Path file, Path second) throws IOException {
        try {
            Files.createLink(second, file);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(file, second);
            AtomicFile.force(second);
        }
    }

    /** Removes all of them, once the run needs none any more. */
    void delete() {
        all().forEach(Checkpoints::deleteAll);
        deleteAll(folder.resolve(TEMPORARY));
    }

    /** All of them, the newest first. */
    private List<Path> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
                    .forEach(found::add);
        } catch (IOException e) {
            throw new OrtuneException(folder + ": cannot be read (" + e.getMessage() + ")", e);
        }
        found.sort(Comparator.comparingInt(Checkpoints::step).reversed());
        return found;
    }

    private static int step(Path checkpoint) {
        Matcher name = NAME.matcher(checkpoint.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }

    /** What is wrong with one, or nothing. */
    private static Optional<String> fault(Path checkpoint) {
        try {
            String written = Files.readString(checkpoint.resolve(SUMS));
            return written.equals(sums(checkpoint)) ? Optional.empty() : Optional.of("its files have changed");
        } catch (IOException e) {
            return Optional.of(e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    /** The names of what ONNX Runtime wrote. */
    private static List<String> sessionFiles(Path checkpoint) {
        Path data = Checkpoint.externalData(checkpoint.resolve(SESSION));
        return Files.exists(data) ? List.of(SESSION, data.getFileName().toString()) : List.of(SESSION);
    }

    /** In the form of {@code sha256sum}, which can check them too. */
    private static String sums(Path checkpoint) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String file : Stream.concat(sessionFiles(checkpoint).stream(), Stream.of(STATE))
                .toList()) {
            lines.append(Sha256.of(checkpoint.resolve(file)))
                    .append("  ")
                    .append(file)
                    .append('\n');
        }
        return lines.toString();
    }

    private static void deleteAll(Path checkpoint) {
        try {
            FolderTree.deleteAll(checkpoint);
        } catch (IOException e) {
            throw new OrtuneException(checkpoint + ": cannot be removed (" + e.getMessage() + ")", e);
        }
    }
}
