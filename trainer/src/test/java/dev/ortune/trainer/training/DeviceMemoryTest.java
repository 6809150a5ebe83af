package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.ortune.trainer.data.Batch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceMemoryTest {
    private static final String MEMORY = "The GPU's memory";

    private final OrtException cause = new OrtException("out of memory");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Non-zero status code returned while running Gemm node. Name:'/Gemm' Status Message: bfc_arena.cc:376"
                        + " AllocateRawInternal Failed to allocate memory for requested buffer of size 402653184",
                "Available memory of 1048576 is smaller than requested bytes of 9437184",
                "CUDA failure 2: out of memory ; GPU=0 ; hostname=x ; expr=cudaMalloc((void**)&p, size);",
                "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED"
            })
    void onnxRuntimesWordsAreKnown(String message) {
        assertThat(DeviceMemory.ranOut(new OrtException(message))).isTrue();
    }

    @Test
    void otherFailuresAreNone() {
        assertThat(DeviceMemory.ranOut(new OrtException("Invalid input name: x")))
                .isFalse();
        assertThat(DeviceMemory.ranOut(new OrtException((String) null))).isFalse();
    }

    @Test
    void halvesAreTriedUntilOneFits() {
        List<Batch> tried = new ArrayList<>();
        Batch batch = batch(24);
        assertThat(DeviceMemory.error(
                        MEMORY,
                        batch,
                        half -> {
                            tried.add(half);
                            return half.size() <= 7;
                        },
                        cause))
                .hasMessage("The GPU's memory ran out on a batch of 24 x 3 tokens; 6 fit")
                .hasCause(cause);
        assertThat(tried).extracting(Batch::size).containsExactly(12, 6);
        assertThat(tried.get(1).inputIds()).hasSize(18);
        assertThat(tried.get(1).tokens()).isEqualTo(12);
    }

    /** An epoch's last batch and step may be smaller than the others. */
    @ParameterizedTest
    @CsvSource({
        "24, 24, 1, 7, 6, 4",
        "32, 32, 3, 8, 8, 12",
        "25, 25, 2, 12, 5, 10",
        "31, 31, 1, 20, 1, 31",
        "20, 32, 2, 12, 8, 8",
        "48, 48, 1, 30, 24, 2"
    })
    void theAdviceKeepsTheSentencesOfAStep(
            int size, int batchSize, int accumulation, int fitting, int advisedSize, int advisedSteps) {
        assertThat(DeviceMemory.error(MEMORY, batch(size), half -> half.size() <= fitting, cause)
                        .withAdvice(batchSize, accumulation))
                .hasMessageEndingWith(" fit: try --batch-size " + advisedSize + " --gradient-accumulation-steps "
                        + advisedSteps + ", which trains the same")
                .hasCause(cause);
        assertThat(advisedSize * advisedSteps).isEqualTo(batchSize * accumulation);
    }

    @Test
    void nothingFits() {
        assertThat(DeviceMemory.error(MEMORY, batch(2), half -> false, cause).withAdvice(2, 1))
                .hasMessage(
                        "The GPU's memory ran out on a batch of 2 x 3 tokens; not even one sentence of it fits: try a"
                                + " lower --max-length or a smaller model");
    }

    /** Rows of two tokens and a padding. */
    private static Batch batch(int size) {
        long[] mask = new long[3 * size];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % 3 < 2 ? 1 : 0;
        }
        return Batch.of(size, 3, new long[3 * size], mask, new long[3 * size], new long[size], new int[size]);
    }
}
