package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of SentencePiece's models alone are transformers'; src/test/golden/make_spm.py wrote down what it makes of them. */
class SentencePieceFileTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/sentencepiece");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "albert",
                "deberta-v2",
                "xlm-roberta",
                "camembert",
                "t5",
                "llama",
                "llama-added",
                "llama-characters",
                "gemma",
                "any-bpe",
                "any-named",
                "any-unigram"
            })
    void tokensAreTransformers(String family) throws IOException {
        Path own = Path.of(System.getProperty("ortune.sentencepiece", GOLDEN.toString()))
                .resolve(family);
        JsonNode cases = new ObjectMapper().readTree(own.resolve("texts.json").toFile());
        assertThat(cases.size()).isGreaterThan(100);
        // The same once they are written as tokenizer.json, beside what the folder says of them.
        TokenizerFiles.copy(own, folder, 512);
        for (Path each : List.of(own, folder)) {
            assertTokens(each, cases);
        }
    }

    private static void assertTokens(Path folder, JsonNode cases) {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 512)) {
            for (JsonNode each : cases) {
                int[] ids = tokenizer
                        .encode(each.path("text").asText(), each.path("pair").textValue())
                        .ids();
                if (each.path("ids").isEmpty()) {
                    // A model takes one token at least.
                    assertThat(ids).as(each.toString()).containsExactly(tokenizer.padId());
                    continue;
                }
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

    /** Where it is no setting, and what fills up a batch's rows where nothing is for that: what ends a text, unless every text gets it. */
    @ParameterizedTest
    @CsvSource({"any-bpe, 2, 0", "gemma, 1, 0", "llama, 2, 2", "llama-added, 2, 480"})
    void endsAndPaddingAreKnown(String golden, int end, int padding) {
        try (TextTokenizer tokenizer = TextTokenizer.load(GOLDEN.resolve(golden), 16)) {
            assertThat(tokenizer.endId()).hasValue(end);
            assertThat(tokenizer.padId()).isEqualTo(padding);
        }
    }

    static List<TinyPieces.Broken> malformed() throws IOException {
        return TinyPieces.malformed();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsBrokenIsRefusedInOneLine(TinyPieces.Broken broken) throws IOException {
        refused(folder.resolve("tokenizer.model"), broken.bytes(), broken.said());
    }

    @Test
    void aTruncatedModel() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN.resolve("deberta-v2").resolve("spm.model"));
        refused(folder.resolve("spm.model"), Arrays.copyOf(whole, whole.length / 2), "is no model of SentencePiece (");
    }

    /** transformers' classes read another kind than the file's all the same, to other tokens than the model was trained with. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gemma  | {}                                    | camembert | sentencepiece.bpe.model | BPE kind, which transformers' tokenizer for camembert would take for its unigram
            albert | {"tokenizer_class": "LlamaTokenizer"} | llama     | tokenizer.model         | unigram kind, and LlamaTokenizer of tokenizer_config.json is a class for its BPE
            gemma  | {"tokenizer_class": "LlamaTokenizer"} | qwen2     | tokenizer.model         | of type qwen2 transformers takes that one's own tokenizer, which reads no such file
            gemma  | {}                                    | bert      | tokenizer.model         | what makes tokens of it is not known; tokenizer_class of tokenizer_config.json may be
            gemma  | {"added_tokens_decoder": {"x": {}}}   | llama     | tokenizer.model         | "x" is no id of an added token
            t5     | {"extra_ids": -1}                     | t5        | spiece.model            | cannot have -1 extra_ids
            """)
    void whatDoesNotFitItsFolder(String golden, String config, String type, String name, String message)
            throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), config);
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"" + type + "\"}");
        byte[] whole =
                Files.readAllBytes(SentencePieceFile.in(GOLDEN.resolve(golden)).orElseThrow());
        Files.write(folder.resolve(name), whole);
        assertThatThrownBy(() -> TextTokenizer.load(folder, 16))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(folder + "/")
                .hasMessageContaining(message);
    }

    /** The native tokenizer would end the process. */
    @Test
    void tablesOfTokenizerJsonAreLookedAtToo() throws IOException {
        TokenizerFiles.copy(GOLDEN.resolve("any-bpe"), folder, 16);
        Path file = folder.resolve("tokenizer.json");
        ObjectNode json = JsonFile.readObject(file);
        ObjectNode normalizer = (ObjectNode) json.path("normalizer").findParent("precompiled_charsmap");
        for (JsonNode table : CharsmapTest.tables()) {
            normalizer.put("precompiled_charsmap", CharsmapTest.bytes(table));
            String said = table.path("said").asText();
            if (said.isEmpty()) {
                Files.write(file, JsonFile.bytes(json));
                assertSame("a", "bé");
            } else {
                refused(file, JsonFile.bytes(json), said);
            }
        }
    }

    private void assertSame(String text, String other) {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 64)) {
            assertThat(tokenizer.encode(text, null).ids())
                    .isEqualTo(tokenizer.encode(other, null).ids());
        }
    }

    private static void refused(Path file, byte[] content, String message) throws IOException {
        Files.write(file, content);
        assertThatThrownBy(() -> TextTokenizer.load(file.getParent(), 16))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}
