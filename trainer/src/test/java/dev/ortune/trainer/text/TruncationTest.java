package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruncationTest {
    @TempDir
    Path folder;

    @Test
    void cutsTheLongerTextFirst() {
        long[] ids = {2, 10, 11, 12, 13, 3, 20, 21, 3};
        long[] types = {0, 0, 0, 0, 0, 0, 1, 1, 1};
        long[] sequences = {-1, 0, 0, 0, 0, -1, 1, 1, -1};
        Encoding cut = new Truncation(7, false).cut(ids, types, sequences, null);
        assertThat(cut.ids()).containsExactly(2, 10, 11, 3, 20, 21, 3);
        assertThat(cut.typeIds()).containsExactly(0, 0, 0, 0, 1, 1, 1);
        assertThat(cut.truncated()).isEqualTo(2);
        assertThat(new Truncation(6, false).cut(ids, types, sequences, null).ids())
                .containsExactly(2, 10, 11, 3, 20, 3);
        assertThat(new Truncation(9, false).cut(ids, types, sequences, null).ids())
                .hasSize(9);
    }

    /** What Hugging Face's tokenizers keep of pairs of all lengths; the server is held to the same file. */
    @Test
    void pairsKeepWhatHuggingFaceKeeps() {
        JsonNode tables =
                JsonFile.readObject(Path.of("..", "vectors", "truncation.json")).path("tables");
        assertThat(tables).hasSize(9);
        for (JsonNode table : tables) {
            int most = table.path("max_length").intValue();
            for (int first = 0; first < table.path("kept").size(); first++) {
                for (int second = 0; second < table.path("kept").size(); second++) {
                    JsonNode kept = table.path("kept").path(first).path(second);
                    assertThat(kept(first, second, most))
                            .as("%d and %d tokens of %d", first, second, most)
                            .containsExactly(
                                    kept.path(0).intValue(), kept.path(1).intValue());
                }
            }
        }
    }

    /** Likewise, where one text alone loses tokens. */
    @Test
    void oneTextAloneIsCutWhereThatIsAskedFor() {
        JsonNode tables = JsonFile.readObject(Path.of("..", "vectors", "truncation_pairs.json"))
                .path("tables");
        assertThat(tables).hasSize(12);
        int refused = 0;
        for (JsonNode table : tables) {
            Truncation truncation = new Truncation(
                    table.path("max_length").intValue(),
                    table.path("side").textValue().equals("left"),
                    TruncationStrategy.named(table.path("strategy").textValue()).orElseThrow());
            for (int first = 1; first <= table.path("kept").size(); first++) {
                for (int second = 1; second <= table.path("kept").size(); second++) {
                    JsonNode kept = table.path("kept").path(first - 1).path(second - 1);
                    long[] sequences = pair(first, second);
                    if (kept.isNull()) {
                        refused++;
                        assertThatThrownBy(() -> truncation.cut(sequences, sequences, sequences, null))
                                .isInstanceOf(OrtuneException.class)
                                .hasMessageContaining("by " + truncation.strategy() + ": its ");
                    } else {
                        int[] ids = truncation
                                .cut(sequences, sequences, sequences, null)
                                .ids();
                        assertThat(List.of(count(ids, 0), count(ids, 1)))
                                .containsExactly(
                                        kept.path(0).intValue(), kept.path(1).intValue());
                    }
                }
            }
        }
        assertThat(refused).isPositive();
    }

    /** Likewise, of words of several tokens and from both sides. */
    @Test
    void wordsAreMadeWhole() {
        JsonNode cases = JsonFile.readObject(Path.of("..", "vectors", "truncation_words.json"))
                .path("cases");
        assertThat(cases).hasSize(600);
        for (JsonNode each : cases) {
            List<Long> sequences = new ArrayList<>();
            List<Long> words = new ArrayList<>();
            for (int text = 0; text < 2; text++) {
                for (int word = 0; word < each.path(2 + text).size(); word++) {
                    int pieces = each.path(2 + text).path(word).intValue();
                    sequences.addAll(Collections.nCopies(pieces, (long) text));
                    words.addAll(Collections.nCopies(pieces, (long) word));
                }
            }
            sequences.addAll(List.of(-1L, -1L, -1L));
            words.addAll(List.of(-1L, -1L, -1L));
            long[] ids = longs(sequences);
            Truncation truncation =
                    new Truncation(each.path(1).intValue(), each.path(0).booleanValue());
            int[] kept = truncation.cut(ids, ids, ids, longs(words)).ids();
            assertThat(List.of(count(kept, 0), count(kept, 1)))
                    .as(each.toString())
                    .containsExactly(
                            each.path(4).path(0).intValue(),
                            each.path(4).path(1).intValue());
        }
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    /** Tokens of the first and of the second text that stay beside three special ones. */
    private static int[] kept(int first, int second, int most) {
        long[] sequences = pair(first, second);
        int[] ids = new Truncation(most, false)
                .cut(sequences, sequences, sequences, null)
                .ids();
        return new int[] {count(ids, 0), count(ids, 1)};
    }

    private static long[] pair(int first, int second) {
        long[] sequences = new long[first + second + 3];
        Arrays.fill(sequences, 0, first + 1, 0);
        Arrays.fill(sequences, first + 2, sequences.length, 1);
        sequences[0] = -1;
        sequences[first + 1] = -1;
        sequences[sequences.length - 1] = -1;
        return sequences;
    }

    private static int count(int[] ids, int sequence) {
        return (int) Arrays.stream(ids).filter(id -> id == sequence).count();
    }
}
