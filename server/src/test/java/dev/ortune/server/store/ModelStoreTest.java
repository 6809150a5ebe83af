package dev.ortune.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.LabelScores;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.model.VersionFolder;
import dev.ortune.predictor.text.Truncation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ModelStoreTest {
    private static final InferenceOptions OPTIONS = new InferenceOptions("auto", new BatchOptions(256, 300, 32, 1, 1));

    @TempDir
    private Path folder;

    @Test
    void aPlainFolderIsVersionOneOfTheModelOfItsName() throws IOException {
        try (ModelStore store = open(TinyClassifier.write(folder.resolve("tiny")))) {
            assertThat(store.names()).containsExactly("tiny");
            assertThat(store.versions("tiny")).containsExactly(1);
            assertThat(yes(store.first())).isCloseTo(expected(1), within(1e-6));
            assertThat(yes(store.lease("tiny", "1"))).isCloseTo(expected(1), within(1e-6));
        }
    }

    @Test
    void numberedFoldersAreVersionsAndTheHighestAnswers() throws IOException {
        for (int version : List.of(2, 10, 9)) {
            TinyClassifier.write(folder.resolve("tiny").resolve(Integer.toString(version)), version);
        }
        Files.createDirectories(folder.resolve("tiny/draft"));
        Files.createDirectories(folder.resolve("tiny/007"));
        try (ModelStore store = open(folder.resolve("tiny"))) {
            assertThat(store.versions("tiny")).containsExactly(2, 9, 10);
            assertThat(yes(store.lease("tiny"))).isCloseTo(expected(10), within(1e-6));
            assertThat(yes(store.lease("tiny", "2"))).isCloseTo(expected(2), within(1e-6));
            try (Lease nine = store.lease("tiny", "9")) {
                assertThat(nine.model().info().version()).isEqualTo(9);
            }
        }
    }

    @Test
    void oneVersionAloneKeepsItsModelsName() throws IOException {
        TinyClassifier.write(folder.resolve("tiny/3"));
        try (ModelStore store = open(folder.resolve("tiny/3"))) {
            assertThat(store.names()).containsExactly("tiny");
            assertThat(store.versions("tiny")).containsExactly(3);
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws IOException {
        try (ModelStore store = open(TinyClassifier.write(folder.resolve("tiny")))) {
            assertNotFound(() -> store.lease("other"), "no such model; there are tiny");
            for (String version : List.of("2", "0", "01", "x", "", "99999999999")) {
                assertNotFound(() -> store.lease("tiny", version), "no such version; there are [1]");
            }
            assertThat(store.versions("other")).isEmpty();
        }
    }

    private static void assertNotFound(Runnable lease, String message) {
        assertThatThrownBy(lease::run)
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.NOT_FOUND))
                .hasMessage(message);
    }

    @Test
    void twoModelsOfOneNameAndBrokenVersionsAreRefused() throws IOException {
        Path one = TinyClassifier.write(folder.resolve("a/tiny"));
        Path other = TinyClassifier.write(folder.resolve("b/tiny"));
        assertThatThrownBy(() -> open(one, other))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("called tiny");
        TinyClassifier.write(folder.resolve("many/1"));
        Files.writeString(TinyClassifier.write(folder.resolve("many/2")).resolve("onnx/model.onnx"), "x");
        assertThatThrownBy(() -> open(folder.resolve("many")))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("has another SHA-256");
        assertThatThrownBy(() -> open(Files.createDirectories(folder.resolve("empty"))))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("config.json");
    }

    @Test
    void aModelIsClosedOnlyWhenItsLastLeaseIs() throws Exception {
        SharedModel shared = shared();
        ModelVersions versions = new ModelVersions();
        versions.put(1, shared);
        Lease lease = versions.newest().orElseThrow();
        Lease more = lease.share();
        versions.remove(1);
        assertThat(versions.newest()).isEmpty();
        lease.close();
        lease.close();
        assertThat(shared.closed()).isNotDone();
        assertThat(yes(more.share())).isCloseTo(expected(1), within(1e-6));
        more.close();
        shared.closed().get(10, TimeUnit.SECONDS);
        assertThat(shared.lease()).isEmpty();
    }

    /** A lease that ends on the model's own thread, as those of requests do, leads to no wait for itself. */
    @Test
    void theLastLeaseMayEndOnTheModelsOwnThread() throws Exception {
        SharedModel shared = shared();
        Lease lease = shared.lease().orElseThrow();
        shared.release();
        CompletableFuture<?> answer = lease.model()
                .predict(List.of(TextInput.of("w1")), Truncation.NONE)
                .get(0);
        answer.thenRun(lease::close).join();
        shared.closed().get(10, TimeUnit.SECONDS);
    }

    private SharedModel shared() throws IOException {
        VersionFolder version = VersionFolder.of(TinyClassifier.write(folder.resolve("tiny")));
        return new SharedModel(ServedModel.open(version, OPTIONS), Fingerprint.of(version.folder()));
    }

    private static ModelStore open(Path... folders) {
        return ModelStore.open(List.of(folders), OPTIONS);
    }

    /** The probability of {@code yes} for a text; ends the lease. */
    static double yes(Lease lease) {
        try (lease) {
            Prediction prediction = lease.model()
                    .predict(List.of(TextInput.of("w10 w20")), Truncation.NONE)
                    .get(0)
                    .join();
            return ((LabelScores) lease.model().answer(prediction)).scores()[2];
        }
    }

    static double expected(int factor) {
        return TinyClassifier.probabilities(factor, new int[] {10, 20})[2];
    }
}
