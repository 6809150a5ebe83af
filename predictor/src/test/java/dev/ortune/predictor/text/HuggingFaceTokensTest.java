package dev.ortune.predictor.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.files.JsonFile;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd texts become what Hugging Face's own tokenizer makes of them; the trainer's golden files say what. */
class HuggingFaceTokensTest {
    @ParameterizedTest
    @ValueSource(strings = {"uncased", "cased"})
    void areOurs(String model) throws URISyntaxException {
        Path golden = Path.of(getClass().getResource("/golden/tokens/" + model).toURI());
        JsonNode texts = JsonFile.readObject(golden.resolve("texts.json"));
        try (Tokenizer tokenizer =
                Tokenizer.open(golden, "", texts.path("max_length").intValue(), true)) {
            assertThat(texts.path("cases"))
                    .hasSizeGreaterThan(60)
                    .allSatisfy(expected -> assertSame(tokenizer, expected));
        }
    }

    private static void assertSame(Tokenizer tokenizer, JsonNode expected) {
        String text =
                expected.path("text").textValue().repeat(expected.path("repeat").intValue());
        EncodedText actual =
                tokenizer.encode(new TextInput(text, expected.path("pair").textValue()), Truncation.RIGHT);
        assertThat(actual.ids()).isEqualTo(longs(expected.path("ids")));
        assertThat(actual.typeIds()).isEqualTo(longs(expected.path("type_ids")));
    }

    private static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
    }
}
