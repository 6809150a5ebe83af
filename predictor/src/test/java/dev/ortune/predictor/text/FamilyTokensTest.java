package dev.ortune.predictor.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.files.JsonFile;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers of all three kinds cut odd texts and pairs to what transformers cuts them to. */
class FamilyTokensTest {
    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "byte-level", "unigram"})
    void areOurs(String family) {
        Path folder = Golden.folder("token-classification/" + family);
        JsonNode golden = JsonFile.readObject(folder.resolve("tokens.json"));
        try (Tokenizer tokenizer =
                Tokenizer.open(folder, "", golden.path("max_length").intValue(), true)) {
            assertThat(golden.path("cases")).hasSizeGreaterThanOrEqualTo(50).allSatisfy(row -> {
                EncodedText actual = tokenizer.encode(
                        new TextInput(row.path(0).textValue(), row.path(1).textValue()), Truncation.RIGHT);
                assertThat(actual.ids()).isEqualTo(longs(row.path(2)));
                assertThat(actual.typeIds()).isEqualTo(longs(row.path(3)));
                assertThat(actual.tokens().list()).hasSameSizeAs(actual.ids());
            });
        }
    }

    private static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
    }
}
