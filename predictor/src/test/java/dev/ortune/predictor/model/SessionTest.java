package dev.ortune.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.device.CudaDevice;
import dev.ortune.predictor.device.Device;
import dev.ortune.predictor.device.Gpu;
import dev.ortune.predictor.model.WarmUp.Shape;
import dev.ortune.predictor.text.EncodedText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs share memory, one after the other: what one leaves there must not show in the next. */
class SessionTest {
    private static final Device CPU = new Device.Cpu("as asked for");
    private static final BatchOptions BATCHES = new BatchOptions(4096, 100, 32, 1, 1);

    @TempDir
    private Path folder;

    private Session session;

    @BeforeEach
    void open() throws IOException {
        Path model = TinyClassifier.write(folder.resolve("tiny"));
        session = Session.open(
                ModelFolder.open(VersionFolder.of(model), new InferenceOptions("auto", CPU, BATCHES)), CPU, 1);
        session.requireFits(EncodedText::zeros);
    }

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void batchesOfAllShapesAfterEachOther() throws OrtException {
        assertRight(7, 40);
    }

    @Test
    void severalAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int seed = 0; seed < 4; seed++) {
                int own = seed;
                tasks.add(() -> {
                    assertRight(own, 100);
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aGpuIsWarmedUpFromTheLargestBatchDown() {
        Device gpu = new CudaDevice(new Gpu(0, "GPU-1f", "NVIDIA H200", 1L << 37), 0);
        assertThat(WarmUp.on(gpu, 40, BATCHES).shapes())
                .containsExactly(
                        new Shape(100, 40),
                        new Shape(1, 40),
                        new Shape(100, 32),
                        new Shape(1, 32),
                        new Shape(100, 16),
                        new Shape(1, 16),
                        new Shape(100, 8),
                        new Shape(1, 8));
        assertThat(WarmUp.on(gpu, 512, BATCHES).shapes()).startsWith(new Shape(8, 512), new Shape(1, 512));
        assertThat(WarmUp.on(CPU, 512, BATCHES).shapes()).isEmpty();
    }

    @Test
    void aWarmUpRunsItsBatches() throws OrtException {
        new WarmUp(List.of(new Shape(3, 5), new Shape(1, 2))).run(session, EncodedText::zeros);
        assertRight(3, 5);
    }

    @Test
    void whatARunCostsIsWhereTheLineBegins() {
        assertThat(RunCost.tokens(2_016, 2_000 + 100 * 16, 100, 16, 16384)).isEqualTo(2000);
        assertThat(RunCost.tokens(160, 1600, 10, 16, 16384)).as("nothing").isZero();
        assertThat(RunCost.tokens(100, 100, 10, 16, 16384)).isEqualTo(16384);
    }

    @Test
    void runsAreTimed() throws OrtException {
        assertThat(RunCost.nanos(session, 3, EncodedText.zeros(5))).isBetween(1_000L, 1_000_000_000L);
        assertThat(RunCost.on(CPU, session, TinyClassifier.MAX_LENGTH, BATCHES, EncodedText::zeros))
                .isEqualTo(32);
        assertRight(3, 5);
    }

    private void assertRight(int seed, int batches) throws OrtException {
        Random random = new Random(seed);
        for (int batch = 0; batch < batches; batch++) {
            List<int[]> words = new ArrayList<>();
            int size = 1 + random.nextInt(9);
            for (int row = 0; row < size; row++) {
                words.add(random.ints(1 + random.nextInt(TinyClassifier.MAX_LENGTH), 0, TinyClassifier.WORDS)
                        .toArray());
            }
            float[][] logits =
                    session.run(words.stream().map(SessionTest::encoded).toList());
            for (int row = 0; row < words.size(); row++) {
                double[] expected = TinyClassifier.logits(words.get(row));
                for (int label = 0; label < expected.length; label++) {
                    assertThat((double) logits[row][label]).isCloseTo(expected[label], within(1e-3));
                }
            }
        }
    }

    private static EncodedText encoded(int[] words) {
        long[] ids = Arrays.stream(words).mapToLong(word -> word + 2).toArray();
        return new EncodedText(ids, new long[ids.length]);
    }
}
