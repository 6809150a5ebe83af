package dev.ortune.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.ModelFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that change under models that are served. */
@Timeout(60)
class ModelWatcherTest {
    private static final Duration INTERVAL = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private ModelStore store;
    private ModelWatcher watcher;

    private final class Hearing implements ModelWatcher.Listener {
        @Override
        public void loaded(ModelFolder model) {
            heard.add("loaded " + model.version());
        }

        @Override
        public void removed(String name, int version) {
            heard.add("removed " + version);
        }

        @Override
        public void refused(String name, int version, String reason) {
            heard.add("refused " + version + " " + reason);
        }
    }

    private void serve(Path model) {
        store = ModelStore.open(List.of(model), new InferenceOptions("auto", new BatchOptions(256, 300, 32, 1, 1)));
        watcher = ModelWatcher.start(store, INTERVAL, new Hearing());
    }

    @AfterEach
    void close() {
        watcher.close();
        store.close();
    }

    private String next() throws InterruptedException {
        return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
    }

    private void assertNothingMoreHappens() throws InterruptedException {
        assertThat(heard.poll(6 * INTERVAL.toMillis(), TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aModelThatWasExportedAnewTakesOver() throws Exception {
        Path tiny = TinyClassifier.write(folder.resolve("tiny"));
        serve(tiny);
        assertNothingMoreHappens();
        Lease old = store.first();
        // As the exporter does: the old folder goes aside, the new one takes its name.
        Path made = TinyClassifier.write(folder.resolve("made"), 3);
        Files.move(tiny.resolve("onnx"), tiny.resolve(".onnx.old"));
        Files.move(made.resolve("onnx"), tiny.resolve("onnx"));
        assertThat(next()).isEqualTo("loaded 1");
        assertThat(yes(store.first())).isCloseTo(expected(3), within(1e-6));
        assertThat(yes(old)).isCloseTo(expected(1), within(1e-6));
        assertNothingMoreHappens();
    }

    @Test
    void anotherConfigurationAloneIsTakenUpToo() throws Exception {
        Path tiny = TinyClassifier.write(folder.resolve("tiny"));
        serve(tiny);
        Path config = tiny.resolve("config.json");
        replace(config, Files.readString(config).replace("\"2\": \"yes\"", "\"2\": \"surely\""));
        assertThat(next()).isEqualTo("loaded 1");
        try (Lease lease = store.first()) {
            assertThat(lease.model().info().labels()).containsExactly("no", "maybe", "surely");
        }
    }

    /** Each way to be broken is said once; the old model answers until a whole one comes. */
    @Test
    void whatIsBrokenIsRefusedAndTheOldModelGoesOn() throws Exception {
        Path tiny = TinyClassifier.write(folder.resolve("tiny"));
        serve(tiny);
        Path config = tiny.resolve("config.json");
        String sound = Files.readString(config);
        replace(config, "{\"half");
        assertThat(next()).startsWith("refused 1 ").contains("config.json");
        replace(config, sound.replace("\"2\": \"yes\"", "\"3\": \"yes\""));
        assertThat(next()).startsWith("refused 1 ").contains("id2label");
        replace(config, sound);
        assertThat(next()).isEqualTo("loaded 1");
        Path tokenizer = tiny.resolve("tokenizer.json");
        String tokens = Files.readString(tokenizer);
        replace(tokenizer, "{}");
        assertThat(next()).startsWith("refused 1 ").contains("tokenizer.json");
        replace(tokenizer, tokens.replace("\"[UNK]\":1", "\"[UNK]\":9999"));
        assertThat(next()).startsWith("refused 1 ").contains("model.onnx: ONNX Runtime cannot run it");
        Files.delete(tiny.resolve("onnx/export.json"));
        replace(tiny.resolve("onnx/model.onnx"), "nonsense");
        assertThat(next()).startsWith("refused 1 ").contains("model.onnx");
        assertThat(yes(store.first())).isCloseTo(expected(1), within(1e-6));
        TinyClassifier.write(tiny, 2);
        assertThat(next()).isEqualTo("loaded 1");
        assertThat(yes(store.first())).isCloseTo(expected(2), within(1e-6));
        assertNothingMoreHappens();
    }

    /** Cut off, overwritten and deleted, inside the file and not by a rename: the server has what it loaded. */
    @Test
    void aFileThatIsDamagedWhileItIsServedChangesNothing() throws Exception {
        for (boolean external : List.of(false, true)) {
            Path tiny = external
                    ? TinyClassifier.writeExternal(folder.resolve("external"))
                    : TinyClassifier.write(folder.resolve("tiny"));
            serve(tiny);
            assertThat(yes(store.first())).isCloseTo(expected(1), within(1e-6));
            try (var files = Files.list(tiny.resolve("onnx"))) {
                for (Path file : files.toList()) {
                    overwrite(file);
                }
            }
            assertThat(next()).startsWith("refused 1 ");
            assertThat(yes(store.first())).isCloseTo(expected(1), within(1e-6));
            try (var files = Files.list(tiny.resolve("onnx"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            assertThat(next()).startsWith("refused 1 ");
            assertThat(yes(store.first())).isCloseTo(expected(1), within(1e-6));
            close();
        }
    }

    private static void overwrite(Path file) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.write(new byte[(int) access.length()]);
            access.setLength(0);
        }
    }

    @Test
    void versionsComeAndGoWithTheirFolders() throws Exception {
        Path many = folder.resolve("many");
        TinyClassifier.write(many.resolve("1"));
        serve(many);
        TinyClassifier.write(folder.resolve("made"), 2);
        Files.move(folder.resolve("made"), many.resolve("2"));
        assertThat(next()).isEqualTo("loaded 2");
        assertThat(store.versions("many")).containsExactly(1, 2);
        assertThat(yes(store.lease("many"))).isCloseTo(expected(2), within(1e-6));
        Files.createDirectories(many.resolve("3"));
        assertThat(next()).startsWith("refused 3 ").contains("config.json");
        Files.delete(many.resolve("3"));
        Files.move(many.resolve("2"), folder.resolve("away"));
        assertThat(next()).isEqualTo("removed 2");
        assertThat(yes(store.lease("many"))).isCloseTo(expected(1), within(1e-6));
        Files.move(folder.resolve("away"), many.resolve("2"));
        assertThat(next()).isEqualTo("loaded 2");
        Files.move(many, folder.resolve("gone"));
        assertNothingMoreHappens();
        assertThat(store.versions("many")).containsExactly(1, 2);
    }

    /** What was loaded for nothing leaves neither threads nor sessions behind. */
    @Test
    void aRefusedModelLeavesNothingBehind() throws Exception {
        Path tiny = TinyClassifier.write(folder.resolve("tiny"));
        serve(tiny);
        long before = workers();
        String tokens = Files.readString(tiny.resolve("tokenizer.json"));
        for (int id = 5000; id < 5005; id++) {
            replace(tiny.resolve("tokenizer.json"), tokens.replace("\"[UNK]\":1", "\"[UNK]\":" + id));
            assertThat(next()).startsWith("refused 1 ");
        }
        assertThat(workers()).isEqualTo(before);
    }

    private static long workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("inference-"))
                .count();
    }

    private static void replace(Path file, String content) throws IOException {
        Path made = Files.writeString(file.resolveSibling(".made"), content);
        Files.move(made, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static double yes(Lease lease) {
        return ModelStoreTest.yes(lease);
    }

    private static double expected(int factor) {
        return ModelStoreTest.expected(factor);
    }
}
