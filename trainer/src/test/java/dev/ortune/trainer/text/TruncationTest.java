package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.JsonFile;
import java.nio.file.Path;
import java.util.Arrays;
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
        Encoding cut = Truncation.longestFirst(ids, types, sequences, null, 7, false);
        assertThat(cut.ids()).containsExactly(2, 10, 11, 3, 20, 21, 3);
        assertThat(cut.typeIds()).containsExactly(0, 0, 0, 0, 1, 1, 1);
        assertThat(cut.truncated()).isEqualTo(2);
        assertThat(Truncation.longestFirst(ids, types, sequences, null, 6, false)
                        .ids())
                .containsExactly(2, 10, 11, 3, 20, 3);
        assertThat(Truncation.longestFirst(ids, types, sequences, null, 9, false)
                        .ids())
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

    /** Tokens of the first and of the second text that stay beside three special ones. */
    private static int[] kept(int first, int second, int most) {
        long[] sequences = new long[first + second + 3];
        Arrays.fill(sequences, 0, first + 1, 0);
        Arrays.fill(sequences, first + 2, sequences.length, 1);
        sequences[0] = -1;
        sequences[first + 1] = -1;
        sequences[sequences.length - 1] = -1;
        int[] ids = Truncation.longestFirst(sequences, sequences, sequences, null, most, false)
                .ids();
        return new int[] {count(ids, 0), count(ids, 1)};
    }

    private static int count(int[] ids, int sequence) {
        return (int) Arrays.stream(ids).filter(id -> id == sequence).count();
    }
}
