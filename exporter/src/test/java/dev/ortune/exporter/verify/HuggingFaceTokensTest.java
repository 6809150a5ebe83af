package dev.ortune.exporter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.Encoding;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.io.IOException;
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

    /** Byte-level BPE, Unigram and WordPiece. */
    @ParameterizedTest
    @ValueSource(strings = {"roberta", "xlm-roberta", "bert"})
    void areTransformersOfEachForm(String form) throws Exception {
        Path golden =
                Path.of(getClass().getResource("/golden/tokenizers/" + form).toURI());
        int maxLength = JsonFile.readObject(golden.resolve("tokenizer_config.json"))
                .path("model_max_length")
                .intValue();
        try (TextEncoder encoder = TextEncoder.open(golden, maxLength)) {
            assertThat(read(golden.resolve("texts.json")))
                    .hasSizeGreaterThan(150)
                    .allSatisfy(expected -> assertSame(encode(encoder, expected), expected));
        }
    }

    /** The longer text loses its last tokens first, as with {@code longest_first}. */
    @ParameterizedTest
    @ValueSource(strings = {"roberta", "xlm-roberta", "bert"})
    void areCutAsTransformersCutsThem(String form) throws Exception {
        Path golden =
                Path.of(getClass().getResource("/golden/tokenizers/" + form).toURI());
        JsonNode cuts = read(golden.resolve("cuts.json"));
        assertThat(cuts).hasSizeGreaterThan(100);
        for (int length : cuts.valueStream()
                .mapToInt(cut -> cut.path("max_length").intValue())
                .distinct()
                .toArray()) {
            try (TextEncoder encoder = TextEncoder.open(golden, length)) {
                assertThat(cuts)
                        .filteredOn(cut -> cut.path("max_length").intValue() == length)
                        .allSatisfy(
                                cut -> assertThat(encode(encoder, cut).getIds()).isEqualTo(longs(cut.path("ids"))));
            }
        }
    }

    private static JsonNode read(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static Encoding encode(TextEncoder encoder, JsonNode given) {
        return encoder.encode(new LabelledText(
                given.path("text").textValue(), given.path("pair").textValue(), -1));
    }

    /** Type ids are left out where all are 0. */
    private static void assertSame(Encoding actual, JsonNode expected) {
        assertThat(actual.getIds()).as(expected.path("text").toString()).isEqualTo(longs(expected.path("ids")));
        assertThat(actual.getTypeIds())
                .isEqualTo(
                        expected.has("type_ids") ? longs(expected.path("type_ids")) : new long[actual.getIds().length]);
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
