package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.JsonFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Odd texts become what Hugging Face's own tokenizer makes of them ({@code golden/make_tokens.py} asked it). */
class HuggingFaceTokensTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"uncased, tokenizer.json", "uncased, vocab.txt", "cased, tokenizer.json", "cased, vocab.txt"})
    void areOurs(String model, String file) throws IOException, URISyntaxException {
        Path golden = Path.of(getClass().getResource("/golden/tokens/" + model).toURI());
        JsonNode texts = JsonFile.readObject(golden.resolve("texts.json"));
        Files.copy(golden.resolve(file), folder.resolve(file));
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": " + model.equals("uncased") + "}");
        try (TextTokenizer tokenizer =
                TextTokenizer.load(folder, texts.path("max_length").intValue())) {
            assertThat(texts.path("cases"))
                    .hasSizeGreaterThan(60)
                    .allSatisfy(expected -> assertSame(tokenizer, expected));
        }
    }

    private static void assertSame(TextTokenizer tokenizer, JsonNode expected) {
        String text =
                expected.path("text").textValue().repeat(expected.path("repeat").intValue());
        Encoding actual = tokenizer.encode(text, expected.path("pair").textValue());
        assertThat(actual.ids()).isEqualTo(ints(expected.path("ids")));
        assertThat(actual.typeIds()).isEqualTo(ints(expected.path("type_ids")));
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }
}
