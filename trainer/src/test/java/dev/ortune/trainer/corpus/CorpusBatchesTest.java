package dev.ortune.trainer.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.task.head.MaskedLanguageModelHead;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusBatchesTest {
    private static final int SEQUENCES = 23;

    @TempDir
    private Path folder;

    private SequenceFile file;

    @BeforeEach
    void write() {
        try (SequenceFile.Writer writer = new SequenceFile.Writer(folder.resolve("a.tokens"))) {
            for (int i = 0; i < SEQUENCES; i++) {
                int[] tokens = new int[4 + i % 3];
                Arrays.fill(tokens, 10 + i);
                tokens[0] = 2;
                writer.add(new SequenceFile.Sequence(tokens, 3, i % 2), i % 5 == 0);
            }
            file = writer.finish();
        }
    }

    @AfterEach
    void delete() {
        file.delete();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileCountsWhatItHolds() {
        assertThat(file.counts()).isEqualTo(new SequenceFile.Counts(SEQUENCES, 114, 6, 5));
        assertThat(file.read(22).tokens()).containsExactly(2, 32, 32, 32, 32);
        assertThat(file.read(0))
                .usingRecursiveComparison()
                .isEqualTo(new SequenceFile.Sequence(new int[] {2, 10, 10, 10}, 3, 0));
    }

    /** So that a run that is resumed sees what it would have seen. */
    @Test
    void anyBatchCanBeMadeByItself() {
        List<Batch> all = batches(true).epoch(3, 0).toList();
        assertThat(all).hasSize(6);
        List<Batch> late = batches(true).epoch(3, 4).toList();
        assertThat(late).usingRecursiveComparison().isEqualTo(all.subList(4, 6));
    }

    @Test
    void anEpochHasEachSequenceOnceInAnOrderOfItsOwnAndOtherMasks() {
        List<Batch> first = batches(true).epoch(0, 0).toList();
        List<Batch> second = batches(true).epoch(1, 0).toList();
        assertThat(rows(first)).doesNotHaveDuplicates().hasSize(SEQUENCES).isNotEqualTo(rows(second));
        List<Batch> inOrder = batches(false).epoch(0, 0).toList();
        assertThat(rows(inOrder)).isSorted();
        assertThat(inOrder.get(0).labels())
                .isNotEqualTo(batches(false).epoch(1, 0).toList().get(0).labels());
    }

    @Test
    void sequencesAreFilledUpAndSecondTextsAreSegmentsOfTheirOwn() {
        Batch batch = batches(false).epoch(0, 0).toList().get(0);
        assertThat(batch.length()).isEqualTo(6);
        assertThat(Arrays.copyOf(batch.attentionMask(), 6)).containsExactly(1, 1, 1, 1, 0, 0);
        assertThat(Arrays.copyOf(batch.tokenTypeIds(), 6)).containsExactly(0, 0, 0, 1, 0, 0);
        assertThat(batch.inputIds()[5]).isZero();
        assertThat(batch.labels()[5]).isEqualTo(Targets.IGNORED);
        assertThat(batch.longs(MaskedLanguageModelHead.NEXT_SENTENCE_LABEL)).containsExactly(0, 1, 0, 1);
        assertThat(CorpusBatches.NEXT_SENTENCE_LABEL).isEqualTo(MaskedLanguageModelHead.NEXT_SENTENCE_LABEL);
    }

    /** With so low a probability most batches would have no loss. */
    @Test
    void everyBatchHasAMask() {
        CorpusBatches rare = new CorpusBatches(range(), masking(0.001), 1, true, 4, 0, false);
        assertThat(rare.epoch(0, 0))
                .allMatch(batch -> Arrays.stream(batch.labels()).anyMatch(label -> label >= 0))
                .allMatch(batch -> !batch.arrays().containsKey(CorpusBatches.NEXT_SENTENCE_LABEL));
    }

    private CorpusBatches batches(boolean shuffled) {
        return new CorpusBatches(range(), masking(0.3), 42, shuffled, 4, 0, true);
    }

    private SequenceRange range() {
        return SequenceRange.of("a.txt", file);
    }

    private static Masking masking(double probability) {
        BitSet special = new BitSet();
        special.set(0, 5);
        return new Masking(probability, false, 4, 40, special);
    }

    private static List<Integer> rows(List<Batch> batches) {
        return batches.stream()
                .flatMap(batch -> Arrays.stream(batch.rows()).boxed())
                .toList();
    }
}
