package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of SentencePiece's models alone are transformers'; src/test/golden/make_spm.py wrote down what it makes of them. */
class SentencePieceFileTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/sentencepiece");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"albert", "deberta-v2", "xlm-roberta", "camembert", "t5"})
    void tokensAreTransformers(String family) throws IOException {
        JsonNode cases = new ObjectMapper()
                .readTree(Path.of(System.getProperty("ortune.sentencepiece", GOLDEN.toString()))
                        .resolve(family)
                        .resolve("texts.json")
                        .toFile());
        assertThat(cases.size()).isGreaterThan(100);
        try (TextTokenizer tokenizer = TextTokenizer.load(GOLDEN.resolve(family), 512)) {
            for (JsonNode each : cases) {
                int[] ids = tokenizer
                        .encode(each.path("text").asText(), each.path("pair").textValue())
                        .ids();
                assertThat(Arrays.toString(ids).replace(" ", ""))
                        .as(each.toString())
                        .isEqualTo(each.path("ids").toString());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "albert,AlbertTokenizer",
        "deberta-v2,DebertaV2Tokenizer",
        "camembert,CamembertTokenizer",
        "t5,T5Tokenizer"
    })
    void aCopyHasTokenizerJson(String family, String name) throws IOException {
        TokenizerFiles.copy(GOLDEN.resolve(family), folder, 64);
        assertThat(Files.readString(folder.resolve("tokenizer_config.json"))).contains(name);
        try (TextTokenizer copied = TextTokenizer.load(folder, 64);
                TextTokenizer own = TextTokenizer.load(GOLDEN.resolve(family), 64)) {
            assertThat(copied.encode("the cats sleep", "it's").ids())
                    .isEqualTo(own.encode("the cats sleep", "it's").ids());
        }
    }

    @Test
    void whatIsNoModel() throws IOException {
        Path file = folder.resolve("spm.model");
        refused(file, new byte[0], "is no model of SentencePiece: it has no pieces");
        refused(file, "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8), "is no model of SentencePiece (");
        byte[] whole = Files.readAllBytes(GOLDEN.resolve("deberta-v2").resolve("spm.model"));
        refused(file, Arrays.copyOf(whole, whole.length / 2), "is no model of SentencePiece (");
        byte[] notANumber = {10, 8, 10, 1, 'a', 21, 0, 0, (byte) 0xc0, 127};
        refused(file, notANumber, "has the piece \"a\" whose score is no number");
        refused(file, new byte[] {10, 3, 10, 1, 'a', 18, 2, 24, 2}, "is not of SentencePiece's unigram kind");
        refused(file, new byte[] {10, 3, 10, 1, 'a', 10, 3, 10, 1, 'a'}, "has the piece \"a\" twice");
        refused(file, new byte[] {10, 3, 10, 1, 'a', 18, 3, (byte) 0xc0, 2, 9}, "has no piece 9, which stands for");
    }

    private static void refused(Path file, byte[] content, String message) throws IOException {
        Files.write(file, content);
        assertThatThrownBy(() -> TextTokenizer.load(file.getParent(), 16))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}
