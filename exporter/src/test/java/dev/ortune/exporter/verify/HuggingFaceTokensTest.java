package dev.ortune.exporter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.Encoding;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
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
        try (TextEncoder encoder =
                TextEncoder.open(golden, texts.path("max_length").intValue())) {
            assertThat(texts.path("cases"))
                    .hasSizeGreaterThan(60)
                    .allSatisfy(expected -> assertSame(encoder, expected));
        }
    }

    private static void assertSame(TextEncoder encoder, JsonNode expected) {
        String text =
                expected.path("text").textValue().repeat(expected.path("repeat").intValue());
        Encoding actual =
                encoder.encode(new LabelledText(text, expected.path("pair").textValue(), -1));
        assertThat(actual.getIds()).isEqualTo(longs(expected.path("ids")));
        assertThat(actual.getTypeIds()).isEqualTo(longs(expected.path("type_ids")));
    }

    private static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
    }
}
