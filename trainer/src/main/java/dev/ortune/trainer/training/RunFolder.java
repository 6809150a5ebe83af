package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.StagedFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Where a run's files are until it ends well: a hidden folder beside the model that is to be. Closed before
 * {@link #publish}, it stays if it holds a checkpoint to go on from and goes away otherwise; what had the model's name
 * stays as it was.
 */
public final class RunFolder implements AutoCloseable {
    private static final String WORK = StagedFolder.TRAINING;

    private final Path target;
    private final boolean overwrite;
    private final StagedFolder staged;

    private RunFolder(Path target, boolean overwrite, StagedFolder staged) {
        this.target = target;
        this.overwrite = overwrite;
        this.staged = staged;
    }

    /**
     * A folder for a new run. What an interrupted one left is in it until {@link #clear}.
     *
     * @param target the name it is to have
     * @param overwrite whether a model that Ortune trained and that has this name may be replaced, and an interrupted
     *     run of this name be forgotten
     * @throws OrtuneException when the name is taken, or the folder cannot be made
     */
    public static RunFolder begin(Path target, boolean overwrite) {
        RunFolder run = open(target, overwrite);
        try {
            requireNoCheckpoint(target, overwrite);
            return run;
        } catch (OrtuneException e) {
            throw closed(run, e);
        }
    }

    /**
     * The folder that an interrupted run of this name left.
     *
     * @param target the name it is to have
     * @param overwrite as for {@link #begin}
     * @throws OrtuneException when there is none
     */
    public static RunFolder resume(Path target, boolean overwrite) {
        requireInterrupted(target);
        return open(target, overwrite);
    }

    /** Whether there is a model of this name and no interrupted run. */
    public static boolean isComplete(Path target) {
        return !isHidden(target) && !isInterrupted(target) && Files.exists(new ModelFolder(target).arguments());
    }

    /** Whether a run of this name was begun and can be resumed, be it from its start. */
    public static boolean isInterrupted(Path target) {
        return Files.exists(interrupted(target).arguments());
    }

    /** Whether another process trains a model of this name at the moment. */
    public static boolean isTaken(Path target) {
        return StagedFolder.isTaken(target, WORK);
    }

    /** Removes from a complete model what a process that was killed right after it was published left there. */
    public static void tidy(Path model) {
        if (isComplete(model)) {
            Checkpoints.in(new ModelFolder(model)).delete();
        }
    }

    private static boolean isHidden(Path target) {
        Path name = target.getFileName();
        return name != null
                && name.toString().startsWith(".")
                && name.toString().endsWith("." + WORK);
    }

    /** The options with which an interrupted run of this name began. */
    public static List<String> command(Path target) {
        requireInterrupted(target);
        return TrainingArgumentsFile.command(interrupted(target));
    }

    /** The last step of an interrupted run that can be resumed; empty when there is no such run. */
    public static OptionalInt interruptedAt(Path target) {
        return Checkpoints.in(interrupted(target)).lastStep();
    }

    /** Fails when no run of this name was interrupted. */
    static void requireInterrupted(Path target) {
        if (!isInterrupted(target)) {
            throw new OrtuneException(target + ": there is no interrupted run to resume");
        }
    }

    /** Where an interrupted run of this name left its files, if there is one. */
    public static Path hidden(Path target) {
        return StagedFolder.hidden(target, WORK);
    }

    /** What an interrupted run of this name left. */
    static ModelFolder interrupted(Path target) {
        return new ModelFolder(hidden(target));
    }

    private static RunFolder open(Path target, boolean overwrite) {
        try {
            StagedFolder staged = StagedFolder.of(target, WORK);
            RunFolder run = new RunFolder(target, overwrite, staged);
            try {
                requireFree(target, overwrite);
                return run;
            } catch (OrtuneException e) {
                throw closed(run, e);
            }
        } catch (IOException e) {
            throw cannotBeMade(target, e);
        }
    }

    /** Where the files go until then. */
    public ModelFolder files() {
        return new ModelFolder(staged.folder());
    }

    /** Forgets what an earlier run left, once nothing is likely to hinder the new one. */
    public void clear() {
        try {
            staged.clear();
        } catch (IOException e) {
            throw cannotBeMade(target, e);
        }
    }

    /** Gives the folder its name; what had it before goes away only once the new one is in its place. */
    public void publish() {
        requireFree(target, overwrite);
        try {
            staged.publish();
        } catch (IOException | UncheckedIOException e) {
            throw new OrtuneException(target + ": cannot be given its name (" + reason(e) + ")", e);
        }
        Checkpoints.in(new ModelFolder(target)).delete();
    }

    @Override
    public void close() {
        try {
            if (Checkpoints.in(files()).lastStep().isPresent()) {
                staged.keep();
            }
            staged.close();
        } catch (IOException | UncheckedIOException e) {
            throw new OrtuneException(staged.folder() + ": cannot be removed (" + reason(e) + ")", e);
        }
    }

    private static void requireNoCheckpoint(Path target, boolean overwrite) {
        OptionalInt step = interruptedAt(target);
        if (step.isPresent() && !overwrite) {
            throw new OrtuneException(target + ": a run of this name was interrupted and can go on from step "
                    + step.getAsInt() + " with --resume; --overwrite begins anew");
        }
    }

    /** A folder that is no model is never replaced: a slip in the path must not cost anyone their files. */
    private static void requireFree(Path target, boolean overwrite) {
        if (!Files.exists(target)) {
            return;
        }
        if (!Files.isDirectory(target)) {
            throw new OrtuneException(target + ": is a file, not a folder");
        }
        if (isEmpty(target)) {
            return;
        }
        if (!overwrite) {
            throw new OrtuneException(target + ": exists already; --overwrite replaces it");
        }
        if (!Files.exists(new ModelFolder(target).arguments())) {
            throw new OrtuneException(target + ": is not a model that Ortune trained, so it is not replaced");
        }
    }

    private static boolean isEmpty(Path target) {
        try (Stream<Path> files = Files.list(target)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new OrtuneException(target + ": cannot be read (" + reason(e) + ")", e);
        }
    }

    private static OrtuneException closed(RunFolder run, OrtuneException e) {
        run.close();
        return e;
    }

    private static OrtuneException cannotBeMade(Path target, IOException e) {
        return new OrtuneException(target + ": cannot be made (" + reason(e) + ")", e);
    }

    private static String reason(Exception e) {
        String message = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return message == null ? e.getClass().getSimpleName().replace("Exception", "") : message;
    }
}
