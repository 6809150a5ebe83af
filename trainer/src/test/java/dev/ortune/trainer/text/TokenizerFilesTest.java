package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFilesTest {
    @TempDir
    Path folder;

    private Path from;
    private Path to;

    @BeforeEach
    void createFolders() throws IOException {
        from = Files.createDirectory(folder.resolve("from"));
        to = folder.resolve("to");
    }

    @Test
    void makesAllFilesOfAVocabularyAlone() throws IOException {
        TinyVocab.write(from);
        Files.writeString(from.resolve("tokenizer_config.json"), "{\"do_lower_case\": true}");
        TokenizerFiles.copy(from, to, 12);
        assertThat(to.resolve("vocab.txt")).hasSameBinaryContentAs(from.resolve("vocab.txt"));
        JsonNode config = JsonFile.readObject(to.resolve("tokenizer_config.json"));
        assertThat(config.path("tokenizer_class").asText()).isEqualTo("BertTokenizer");
        assertThat(config.path("do_lower_case").booleanValue()).isTrue();
        assertThat(config.path("model_max_length").intValue()).isEqualTo(12);
        assertThat(config.path("strip_accents").isNull()).isTrue();
        assertThat(config.path("mask_token").asText()).isEqualTo("[MASK]");
        JsonNode special = JsonFile.readObject(to.resolve("special_tokens_map.json"));
        assertThat(special.properties())
                .extracting(entry -> entry.getKey() + "=" + entry.getValue().asText())
                .containsExactly(
                        "cls_token=[CLS]",
                        "mask_token=[MASK]",
                        "pad_token=[PAD]",
                        "sep_token=[SEP]",
                        "unk_token=[UNK]");
        assertThat(ids(to)).isEqualTo(ids(from)).containsExactly(2, 5, 6, 3);
    }

    /** transformers 5 gives a model no token_type_ids by its generic class, unless they are named. */
    @Test
    void namesTheInputsOfAModelWhoseTokenizersClassDoesNot() throws IOException {
        Set<String> typed = Set.of("input_ids", "attention_mask", "token_type_ids", "classifier.weight");
        TinyVocab.write(from);
        TokenizerFiles.copy(from, to, 12);
        TokenizerFiles.nameInputs(to, typed);
        assertThat(JsonFile.readObject(to.resolve("tokenizer_config.json")).has("model_input_names"))
                .isFalse();
        Files.writeString(from.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"TokenizersBackend\"}");
        TokenizerFiles.copy(from, to, 12);
        TokenizerFiles.nameInputs(to, typed);
        assertThat(JsonFile.readObject(to.resolve("tokenizer_config.json")).path("model_input_names"))
                .hasToString("[\"input_ids\",\"token_type_ids\",\"attention_mask\"]");
        TokenizerFiles.nameInputs(to, Set.of("input_ids", "attention_mask"));
        assertThat(JsonFile.readObject(to.resolve("tokenizer_config.json")).path("model_input_names"))
                .as("what is named stays")
                .hasSize(3);
    }

    @Test
    void makesTheVocabularyOfATokenizerJson() throws IOException {
        Path vocab = TinyVocab.write(from);
        byte[] lines = Files.readAllBytes(vocab);
        Files.write(from.resolve("tokenizer.json"), JsonFile.bytes(VocabFile.toTokenizerJson(vocab, false)));
        Files.delete(vocab);
        TokenizerFiles.copy(from, to, 12);
        assertThat(to.resolve("vocab.txt")).hasBinaryContent(lines);
        assertThat(JsonFile.readObject(to.resolve("tokenizer_config.json"))
                        .path("do_lower_case")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void keepsWhatTheModelsOwnFilesSayButTheLength() throws IOException {
        TinyVocab.write(from);
        Files.writeString(from.resolve("special_tokens_map.json"), "{\"cls_token\": {\"content\": \"[CLS]\"}}");
        Files.writeString(
                from.resolve("tokenizer_config.json"),
                "{\"model_max_length\": 512, \"tokenizer_class\": \"MyTokenizer\", \"do_lower_case\": false, \"x\": [1]}");
        TokenizerFiles.copy(from, to, 12);
        JsonNode config = JsonFile.readObject(to.resolve("tokenizer_config.json"));
        assertThat(config.path("model_max_length").intValue()).isEqualTo(12);
        assertThat(config.path("tokenizer_class").asText()).isEqualTo("MyTokenizer");
        assertThat(config.path("x").path(0).intValue()).isEqualTo(1);
        assertThat(JsonFile.readObject(to.resolve("special_tokens_map.json"))
                        .path("cls_token")
                        .isObject())
                .isTrue();
    }

    @Test
    void switchesPaddingAndTruncationOff() throws IOException {
        var json = VocabFile.toTokenizerJson(TinyVocab.write(from), true);
        json.putObject("truncation").put("max_length", 128);
        json.putObject("padding").put("pad_id", 0);
        Files.write(from.resolve("tokenizer.json"), JsonFile.bytes(json));
        TokenizerFiles.copy(from, to, 12);
        JsonNode copied = JsonFile.readObject(to.resolve("tokenizer.json"));
        assertThat(copied.path("truncation").isNull()).isTrue();
        assertThat(copied.path("padding").isNull()).isTrue();
    }

    @Test
    void countsAddedAndTemplateTokensAsVocabulary() throws IOException {
        var json = VocabFile.toTokenizerJson(TinyVocab.write(from), true);
        json.withArray("added_tokens").addObject().put("id", 40).put("content", "<new>");
        Files.write(from.resolve("tokenizer.json"), JsonFile.bytes(json));
        assertThat(TokenizerFiles.vocabSize(from)).isEqualTo(41);
        json.withObject("/post_processor/special_tokens/[CLS]").putArray("ids").add(50);
        Files.write(from.resolve("tokenizer.json"), JsonFile.bytes(json));
        assertThat(TokenizerFiles.vocabSize(from)).isEqualTo(51);
    }

    private static int[] ids(Path folder) {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 10)) {
            return tokenizer.encode("The CAT", null).ids();
        }
    }
}
