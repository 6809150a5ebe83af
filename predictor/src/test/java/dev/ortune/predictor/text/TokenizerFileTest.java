package dev.ortune.predictor.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.JsonFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** tokenizer.json, whose vocabulary is handed on unread. */
class TokenizerFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("tokenizer.json"), json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0, \"}\": 1, \"\\\"]\": 2, \"\\\\\": 3, \"é😀\": 4}}, \"x\": 1}",
                "{\"model\":{\"vocab\":[[\"a\",-1.5],[\"]\",0]],\"merges\":[[\"a\",\"b\"],\"c d\"],\"unk_id\":0}}",
                "{\"vocab\": {\"a\": 0}, \"other\": {\"vocab\": [1]}, \"model\": {\"inner\": {\"vocab\": [2]}}}",
                "{\"x\": \"model\", \"y\": [\"model\", {\"vocab\": {}}], \"model\" :\n{ \"vocab\"\t: { } , \"merges\": null}}",
                "{\"model\": {\"vocab\": 12, \"merges\": \"[\"}}",
                "{\"model\": {\"vocab\": \"{\"}}",
                "{\"mod\\u0065l\": {\"vocab\": {\"a\": 0}}}",
                "{\"model\": [\"vocab\", {\"vocab\": {}}]}",
                "{}",
            })
    void allIsWrittenAsItWas(String text) throws IOException {
        ObjectNode json = TokenizerFile.read(file(text));
        assertThat(JSON.readTree(json.toString())).isEqualTo(JSON.readTree(text));
        assertThat(JSON.readTree(JsonFile.line(json))).isEqualTo(JSON.readTree(text));
    }

    @Test
    void theVocabularyIsNotTakenApart() throws IOException {
        ObjectNode json = TokenizerFile.read(
                file("{\"model\": {\"unk_token\": \"a\", \"vocab\": {\"a\": 0}, \"merges\": [\"a b\"]}}"));
        assertThat(json.at("/model/unk_token").asText()).isEqualTo("a");
        assertThat(json.at("/model/vocab").isPojo()).isTrue();
        assertThat(json.at("/model/merges").isPojo()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"model\": {\"vocab\": {\"a\": 0",
                "{\"model\": {\"vocab\": {\"a",
                "{\"model\": {\"vocab\": {\"a\\",
                "{\"model\": {\"vocab\": {}, \"vocab\": {}}}",
                "{\"model\": {\"vocab\": {}, \"x\": }}",
                "{\"model\": {\"vocab\": {}}} {}",
                "{\"model\"",
                "{\"model\":",
            })
    void whatIsNoJsonIsRefusedInTheSameWords(String text) throws IOException {
        Path file = file(text);
        OrtuneException whole = org.assertj.core.api.Assertions.catchThrowableOfType(
                OrtuneException.class, () -> JsonFile.readObject(file));
        assertThatThrownBy(() -> TokenizerFile.read(file))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(whole.getMessage());
    }

    @Test
    void malformedCharactersAreRefused() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        byte[] bytes = "{\"model\": {\"vocab\": {\"?\": 0}}}".getBytes(StandardCharsets.UTF_8);
        bytes[22] = (byte) 0xff;
        Files.write(file, bytes);
        assertThatThrownBy(() -> TokenizerFile.read(file)).hasMessageContaining("is not valid JSON");
    }

    /** Whatever the bytes are, it is the same as when all is read, but for errors within the vocabulary. */
    @Test
    void damagedFilesAreReadOrRefusedAsAWhole() throws IOException {
        byte[] good =
                "{\"a\": [1], \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"\\\"\": 1}, \"merges\": [\"a b\"]}, \"b\": {}}"
                        .getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        for (int round = 0; round < 5000; round++) {
            byte[] damaged = good.clone();
            damaged[random.nextInt(damaged.length)] = (byte) "{}[]\",:\\ x1".charAt(random.nextInt(11));
            Path file = Files.write(folder.resolve("tokenizer.json"), damaged);
            JsonNode whole;
            try {
                whole = JsonFile.readObject(file);
            } catch (OrtuneException refused) {
                continue;
            }
            ObjectNode json = TokenizerFile.read(file);
            assertThat(JSON.readTree(json.toString())).isEqualTo(whole);
            assertThat(JSON.readTree(JsonFile.line(json))).isEqualTo(whole);
        }
    }
}
