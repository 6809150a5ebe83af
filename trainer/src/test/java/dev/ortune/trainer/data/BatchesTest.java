package dev.ortune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.text.Encoding;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final int PAD = 9;

    @Test
    void padsToTheLongestOfTheBatch() {
        EncodedDataset data = encoded(2, 3, 5);
        List<Batch> batches = new Batches(data, new BatchSampler.Sequential(), Collator.dynamic(PAD), 2)
                .epoch(0)
                .toList();
        Batch first = batches.get(0);

        assertThat(batches).hasSize(2);
        assertThat(first.size()).isEqualTo(2);
        assertThat(first.length()).isEqualTo(3);
        assertThat(first.inputIds()).containsExactly(100, 101, PAD, 100, 101, 102);
        assertThat(first.attentionMask()).containsExactly(1, 1, 0, 1, 1, 1);
        assertThat(first.tokenTypeIds()).containsExactly(0, 1, 0, 0, 1, 1);
        assertThat(first.labels()).containsExactly(0, 1);
        assertThat(first.tokens()).isEqualTo(5);
        assertThat(first.rows()).containsExactly(0, 1);
        assertThat(batches.get(1).size()).isEqualTo(1);
        assertThat(batches.get(1).length()).isEqualTo(5);
    }

    @Test
    void padsToTheMaximumWhenAsked() {
        Batch batch = Collator.toMax(PAD, 6).collate(encoded(2, 3), new int[] {1});

        assertThat(batch.inputIds()).containsExactly(100, 101, 102, PAD, PAD, PAD);
        assertThat(batch.attentionMask()).containsExactly(1, 1, 1, 0, 0, 0);
        assertThat(batch.tokens()).isEqualTo(3);
        assertThatThrownBy(() -> Collator.toMax(PAD, 2).collate(encoded(3), new int[] {0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an example of 3 tokens where 2 are the most");
    }

    @Test
    void countsTokensAndTruncation() {
        EncodedDataset data = encoded(2, 3, 5, 5);

        assertThat(data.tokens()).isEqualTo(15);
        assertThat(data.maxLength()).isEqualTo(5);
        assertThat(data.meanLength()).isEqualTo(3.75);
        assertThat(data.truncated()).isEqualTo(2);
        assertThat(data.truncatedTokens()).isEqualTo(14);
        assertThat(data.tokenIds().stream()).containsExactly(100, 101, 102, 103, 104);
    }

    @Test
    void everySamplerTakesEveryExampleOnce() {
        int[] lengths = IntStream.range(0, 1003).map(i -> 3 + i * 7 % 31).toArray();
        for (BatchSampler sampler : List.of(
                new BatchSampler.Sequential(), new BatchSampler.Shuffled(42), new BatchSampler.LengthGrouped(42))) {
            List<int[]> batches = sampler.batches(lengths, 8, 1);

            assertThat(batches).hasSize(126);
            assertThat(batches.get(125)).hasSize(3);
            assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                    .isEqualTo(IntStream.range(0, 1003).toArray());
        }
    }

    @Test
    void shufflingHangsOnSeedAndEpochAlone() {
        int[] lengths = new int[100];
        BatchSampler sampler = new BatchSampler.Shuffled(42);

        assertThat(sampler.order(lengths, 8, 3)).isEqualTo(new BatchSampler.Shuffled(42).order(lengths, 16, 3));
        assertThat(sampler.order(lengths, 8, 3)).isNotEqualTo(sampler.order(lengths, 8, 2));
        assertThat(sampler.order(lengths, 8, 3)).isNotEqualTo(new BatchSampler.Shuffled(7).order(lengths, 8, 3));
        assertThat(sampler.order(lengths, 8, 0)).startsWith(83, 53, 70, 45, 44);
    }

    @Test
    void lengthGroupingSavesPadding() {
        int[] lengths = IntStream.range(0, 4000).map(i -> 3 + i * 7919 % 61).toArray();
        BatchSampler grouped = new BatchSampler.LengthGrouped(1);
        List<int[]> batches = grouped.batches(lengths, 32, 0);

        assertThat(padded(batches, lengths))
                .isLessThan(padded(new BatchSampler.Shuffled(1).batches(lengths, 32, 0), lengths) * 6 / 10);
        assertThat(lengths[batches.get(0)[0]]).isEqualTo(63);
        assertThat(grouped.order(lengths, 32, 0)).isEqualTo(grouped.order(lengths, 32, 0));
        assertThat(grouped.order(lengths, 32, 0)).isNotEqualTo(grouped.order(lengths, 32, 1));
    }

    @Test
    void lengthGroupingTakesSmallAndEmptySets() {
        BatchSampler grouped = new BatchSampler.LengthGrouped(1);

        assertThat(grouped.batches(new int[0], 8, 0)).isEmpty();
        assertThat(grouped.batches(new int[] {4, 9, 6}, 8, 0)).containsExactly(new int[] {1, 2, 0});
    }

    private static long padded(List<int[]> batches, int[] lengths) {
        return batches.stream()
                .mapToLong(rows -> (long) rows.length
                        * Arrays.stream(rows).map(row -> lengths[row]).max().orElseThrow())
                .sum();
    }

    /** Examples with so many tokens 100, 101, …; those of five lost seven to truncation. */
    private static EncodedDataset encoded(int... lengths) {
        List<Example> examples = IntStream.range(0, lengths.length)
                .mapToObj(i -> new Example("text", null, i % 2, Integer.toString(lengths[i])))
                .toList();
        Dataset dataset = new Dataset("test", examples, new Labels(List.of("a", "b")));
        return EncodedDataset.encode(dataset, example -> {
            int length = Integer.parseInt(example.source());
            int[] ids = IntStream.range(100, 100 + length).toArray();
            int[] types = IntStream.range(0, length).map(i -> Math.min(i, 1)).toArray();
            return new Encoding(ids, types, length == 5 ? 7 : 0);
        });
    }
}
