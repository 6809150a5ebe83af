package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.ortune.trainer.JsonFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TruncationTest {
    @TempDir
    Path folder;

    @Test
    void cutsTheLongerTextFirst() {
        long[] ids = {2, 10, 11, 12, 13, 3, 20, 21, 3};
        long[] types = {0, 0, 0, 0, 0, 0, 1, 1, 1};
        long[] sequences = {-1, 0, 0, 0, 0, -1, 1, 1, -1};
        Encoding cut = Truncation.longestFirst(ids, types, sequences, null, 7);
        assertThat(cut.ids()).containsExactly(2, 10, 11, 3, 20, 21, 3);
        assertThat(cut.typeIds()).containsExactly(0, 0, 0, 0, 1, 1, 1);
        assertThat(cut.truncated()).isEqualTo(2);
        assertThat(Truncation.longestFirst(ids, types, sequences, null, 6).ids())
                .containsExactly(2, 10, 11, 3, 20, 3);
        assertThat(Truncation.longestFirst(ids, types, sequences, null, 9).ids())
                .hasSize(9);
    }

    /** All pairs of lengths up to 9 against the tokenizers library's own truncation. */
    @ParameterizedTest
    @ValueSource(ints = {4, 7, 8, 13})
    void agreesWithTheTokenizersLibrary(int maxLength) throws IOException {
        byte[] json = JsonFile.bytes(VocabFile.toTokenizerJson(TinyVocab.write(folder), true));
        Map<String, String> options =
                Map.of("truncation", "longest_first", "maxLength", "" + maxLength, "padding", "do_not_pad");
        try (TextTokenizer ours = TextTokenizer.load(folder, maxLength);
                var theirs = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options)) {
            for (int i = 0; i < 100; i++) {
                String text = "cat ".repeat(i / 10);
                String pair = "it ".repeat(i % 10);
                assertThat(ours.encode(text, pair).ids())
                        .as("%d and %d tokens", i / 10, i % 10)
                        .isEqualTo(Arrays.stream(theirs.encode(text, pair).getIds())
                                .mapToInt(id -> (int) id)
                                .toArray());
            }
        }
    }
}
