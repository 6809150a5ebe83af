package dev.ortune.predictor.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.files.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tokenizer_config.json says counts where transformers' AutoTokenizer lets it count. */
class TokenizerSettingsTest {
    private static final int LENGTH = 64;

    @TempDir
    private Path folder;

    @Test
    void contradictionsEndAsInTransformers() throws IOException {
        JsonNode golden =
                JsonFile.readObject(Golden.folder("tokenizer-settings").resolve("settings.json"));
        assertThat(golden.path("cases")).hasSize(36);
        for (JsonNode row : golden.path("cases")) {
            write("tokenizer.json", golden.path("files").path(row.path("file").asText()));
            write("tokenizer_config.json", row.path("config"));
            String modelType = row.path("model_type").asText();
            try (Tokenizer tokenizer = Tokenizer.open(folder, modelType, LENGTH, false)) {
                for (int i = 0; i < golden.path("texts").size(); i++) {
                    String text = golden.path("texts").path(i).textValue();
                    assertThat(tokenizer
                                    .encode(TextInput.of(text), Truncation.RIGHT)
                                    .ids())
                            .as("%s of %s, %s: %s", row.path("config"), modelType, row.path("file"), text)
                            .isEqualTo(longs(row.path("ids").path(i)));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "do_lower_case": false                               | do_lower_case is false, but tokenizer.json does the opposite
            "strip_accents": true                                | strip_accents is true, but tokenizer.json does the opposite
            "do_lower_case": "yes"                               | do_lower_case must be true or false
            "truncation_side": "middle"                          | truncation_side is middle, neither left nor right
            "padding_side": "top"                                | padding_side is top, neither left nor right
            """)
    void whatCannotBeHonouredIsRefusedByName(String setting, String message) throws IOException {
        writeWords("{\"type\": \"Lowercase\"}");
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"AlbertTokenizer\", " + setting + "}");
        assertThatThrownBy(() -> Tokenizer.open(folder, "albert", LENGTH, false).close())
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(folder.resolve("tokenizer_config.json") + ": " + message);
    }

    @Test
    void textsAreCutOnTheSideThatIsNamed() throws IOException {
        writeWords("null");
        String text = "a b c d e f g h";
        assertThat(ids(text)).containsExactly(1, 2, 3, 4);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"truncation_side\": \"left\"}");
        assertThat(ids(text)).containsExactly(5, 6, 7, 8);
        Path file = folder.resolve("tokenizer.json");
        String left =
                "\"truncation\": {\"direction\": \"Left\", \"max_length\": 4, \"strategy\": \"LongestFirst\", \"stride\": 0}";
        Files.writeString(file, Files.readString(file).replace("\"truncation\": null", left));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{}");
        assertThat(ids(text))
                .as("what tokenizer.json says where nothing else does")
                .containsExactly(5, 6, 7, 8);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"truncation_side\": \"right\"}");
        assertThat(ids(text)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aSpecimenHasSpecialTokensWhereTheyBelong() {
        try (Tokenizer tokenizer =
                Tokenizer.open(Golden.folder("token-classification/wordpiece"), "bert", LENGTH, false)) {
            long[] two = tokenizer.encode(TextInput.of(""), Truncation.RIGHT).ids();
            for (int length = 2; length < 9; length++) {
                long[] ids = tokenizer.specimen(length).ids();
                assertThat(ids).hasSize(length).startsWith(two[0]).endsWith(two[1]);
            }
            assertThat(tokenizer.specimen(1).ids()).containsExactly(two[1]);
        }
    }

    private long[] ids(String text) {
        try (Tokenizer tokenizer = Tokenizer.open(folder, "", 4, false)) {
            return tokenizer.encode(TextInput.of(text), tokenizer.truncation()).ids();
        }
    }

    private void writeWords(String normalizer) throws IOException {
        StringBuilder vocabulary = new StringBuilder("\"[UNK]\": 0");
        IntStream.range(0, 8).forEach(i -> vocabulary
                .append(", \"")
                .append((char) ('a' + i))
                .append("\": ")
                .append(i + 1));
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": %s,
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "[UNK]"}}
                """.formatted(normalizer, vocabulary));
    }

    private void write(String name, JsonNode json) throws IOException {
        Files.write(folder.resolve(name), JsonFile.bytes((ObjectNode) json));
    }

    private static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
    }
}
