package dev.ortune.trainer.sweep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.FolderTree;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.run.Sweep;
import dev.ortune.trainer.report.run.SweepRuns;
import dev.ortune.trainer.report.run.TrialRun;
import dev.ortune.trainer.report.statistics.MeanInterval;
import dev.ortune.trainer.report.statistics.SettingScores;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A sweep's folder: {@code sweep.json}, {@code sweep.csv}, and a folder and a log of each trial. One process at a time has it. */
final class SweepFolder implements AutoCloseable {
    private static final String CSV = "sweep.csv";
    private static final String LOCK = ".lock";

    private final Path folder;
    private final FileChannel lock;

    private SweepFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Opens it, or makes it.
     *
     * @param resume whether a sweep that is there goes on
     * @param overwrite whether one that is there is deleted
     * @throws OrtuneException when there is one and neither is said, or something else is there
     */
    static SweepFolder open(Path folder, boolean resume, boolean overwrite) {
        try {
            if (Files.exists(folder) && !isEmpty(folder)) {
                if (!Sweep.isIn(folder)) {
                    throw new OrtuneException(folder + ": is there already, and is no sweep's folder");
                }
                if (!resume && !overwrite) {
                    throw new OrtuneException(
                            folder + ": is there already; --resume goes on with it, --overwrite begins anew");
                }
            }
            Files.createDirectories(folder.resolve(Sweep.TRIALS));
            SweepFolder opened = new SweepFolder(folder, lock(folder));
            if (overwrite) {
                opened.clear();
            }
            return opened;
        } catch (IOException e) {
            throw new OrtuneException(folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() != null) {
                return lock;
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            // Told below.
        }
        lock.close();
        throw new OrtuneException(folder + ": another process is sweeping there");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.allMatch(file -> file.getFileName().toString().equals(LOCK));
        }
    }

    private void clear() throws IOException {
        Files.deleteIfExists(folder.resolve(Sweep.FILE));
        FolderTree.deleteAll(folder.resolve(Sweep.TRIALS));
        Files.createDirectories(folder.resolve(Sweep.TRIALS));
    }

    Path path() {
        return folder;
    }

    /** Where a trial's model is once it is complete. */
    Path model(Sweep.Trial trial) {
        return folder.resolve(Sweep.TRIALS).resolve(trial.name());
    }

    /** What a trial's processes print. */
    Path log(Sweep.Trial trial) {
        return folder.resolve(Sweep.TRIALS).resolve(trial.name() + ".log");
    }

    /** What is there from before; null for nothing. */
    Sweep before() {
        return Sweep.isIn(folder) ? Sweep.read(folder) : null;
    }

    /** Writes down how far it has come. */
    void write(Sweep sweep) {
        AtomicFile.write(folder.resolve(Sweep.FILE), JsonFile.bytes(sweep.json()));
    }

    /** Writes down what came of it. */
    void write(SweepRuns runs, List<SettingScores> ranked) {
        Metric metric = runs.metric();
        ObjectNode json = runs.sweep().json().put("metric", metric.toString());
        ArrayNode settings = json.putArray("settings");
        for (SettingScores each : ranked) {
            ObjectNode setting = settings.addObject();
            ObjectNode values = setting.putObject("setting");
            each.setting().forEach(values::put);
            put(setting, "validation", each.validation());
            put(setting, "test", each.test());
            setting.put("seconds", each.seconds());
        }
        AtomicFile.write(folder.resolve(Sweep.FILE), JsonFile.bytes(json));
        try {
            AtomicFile.write(folder.resolve(CSV), csv(runs, metric).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(ObjectNode json, String name, MeanInterval interval) {
        if (interval.count() > 0) {
            ObjectNode values =
                    json.putObject(name).put("mean", interval.mean()).put("n", interval.count());
            if (interval.count() > 1) {
                values.putArray("interval").add(interval.low()).add(interval.high());
            }
        }
    }

    private static String csv(SweepRuns runs, Metric metric) throws IOException {
        StringWriter text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().build(text)) {
            List<String> head = new ArrayList<>(List.of("trial"));
            head.addAll(runs.sweep().varied());
            head.addAll(List.of("seed", "state", "epoch", "validation_" + metric, "test_" + metric, "seconds"));
            writer.writeRecord(head);
            for (TrialRun run : runs.runs()) {
                List<String> row = new ArrayList<>(List.of(run.trial().name()));
                runs.sweep()
                        .varied()
                        .forEach(option -> row.add(run.trial().setting().getOrDefault(option, "")));
                row.addAll(List.of(
                        String.valueOf(run.trial().seed()),
                        run.trial().state().toString(),
                        String.valueOf(run.measuredEpoch()),
                        number(run.validation(metric)),
                        number(run.test(metric)),
                        String.valueOf(run.trial().seconds())));
                writer.writeRecord(row);
            }
        }
        return text.toString();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.valueOf(value);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new OrtuneException(folder + ": cannot be given back (" + e.getMessage() + ")", e);
        }
    }
}
