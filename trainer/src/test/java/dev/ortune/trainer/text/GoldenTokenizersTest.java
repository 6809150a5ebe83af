package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.text.TextTokenizer.Form;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Token ids, words and cuts are those of transformers, whose answers src/test/golden/make_tokenizers.py wrote down. */
class GoldenTokenizersTest {
    private static final int LONG = 64;

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "mpnet", "albert", "gpt2"})
    void textsAndPairs(String family) throws IOException {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder(family), LONG)) {
            List<JsonNode> cases = cases(family, "texts.json");
            assertThat(cases).isNotEmpty();
            for (JsonNode each : cases) {
                Encoding encoding = tokenizer.encode(
                        each.path("text").asText(), each.path("pair").textValue());
                assertThat(encoding.ids()).as(each.toString()).isEqualTo(someIds(each));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "mpnet", "albert", "gpt2"})
    void tooLongOnesAreCutAlike(String family) throws IOException {
        for (JsonNode each : cases(family, "cuts.json")) {
            int maxLength = each.path("max_length").asInt();
            Path folder = folder(family);
            int special = special(
                    folder,
                    each.path("pair").isMissingNode() || each.path("pair").isNull());
            if (maxLength <= special(folder, false) || maxLength <= special) {
                continue;
            }
            try (TextTokenizer tokenizer = TextTokenizer.load(folder, maxLength)) {
                Encoding encoding = tokenizer.encode(
                        each.path("text").asText(), each.path("pair").textValue());
                assertThat(encoding.ids()).as(each.toString()).isEqualTo(someIds(each));
            }
        }
    }

    /** transformers' tokens; of nothing, where no special ones are put around it, one of padding. */
    private static int[] someIds(JsonNode each) {
        return each.path("ids").isEmpty() ? new int[1] : integers(each.path("ids"));
    }

    private static int special(Path folder, boolean single) {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, LONG)) {
            return tokenizer.encode("", single ? null : "").length();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "mpnet", "albert", "gpt2"})
    void wordsAsTheyAre(String family) throws IOException {
        requireWords(family, Form.TEXTS, "words.json");
    }

    @Test
    void wordsThatEachBeginWithABlank() throws IOException {
        requireWords("roberta", Form.WORDS, "words_prefix_space.json");
    }

    /** What makes no difference for tokenizers that are not of bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "xlm-roberta", "mpnet", "albert"})
    void wordsOfOtherFamiliesBeginAsTheyDoAnyway(String family) throws IOException {
        requireWords(family, Form.WORDS, "words.json");
    }

    private static void requireWords(String family, Form form, String file) throws IOException {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder(family), LONG, form)) {
            List<JsonNode> cases = cases(family, file);
            assertThat(cases).isNotEmpty();
            for (JsonNode each : cases) {
                List<String> words = new ArrayList<>();
                each.path("words").forEach(word -> words.add(word.textValue()));
                Encoding encoding = tokenizer.encodeWords(words);
                assertThat(encoding.ids()).as(each.toString()).isEqualTo(someIds(each));
                assertThat(encoding.words())
                        .as(each.toString())
                        .isEqualTo(each.path("ids").isEmpty() ? new int[] {-1} : integers(each.path("word_ids")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "mpnet", "albert", "gpt2"})
    void paddingIsTheTokenizersOwn(String family) throws IOException {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder(family), LONG)) {
            assertThat(tokenizer.padId())
                    .isEqualTo(List.of("bert", "albert", "gpt2").contains(family) ? 0 : 1);
        }
    }

    /** The same tokens without tokenizer.json, from the two files that RoBERTa and GPT-2 were published with. */
    @ParameterizedTest
    @ValueSource(strings = {"roberta", "gpt2"})
    void byteLevelBpeOfItsTwoFiles(String family, @TempDir Path folder) throws IOException {
        for (String name : List.of("vocab.json", "merges.txt", "tokenizer_config.json")) {
            Files.copy(folder(family).resolve(name), folder.resolve(name));
        }
        for (Form form : Form.values()) {
            try (TextTokenizer made = TextTokenizer.load(folder, LONG, form);
                    TextTokenizer whole = TextTokenizer.load(folder(family), LONG, form)) {
                assertThat(made.padId()).isEqualTo(whole.padId());
                assertThat(made.vocabSize()).isEqualTo(whole.vocabSize());
                for (JsonNode each : cases(family, "texts.json")) {
                    String text = each.path("text").asText();
                    String pair = each.path("pair").textValue();
                    assertThat(made.encode(text, pair).ids())
                            .as(each.toString())
                            .isEqualTo(whole.encode(text, pair).ids());
                }
            }
        }
    }

    /** MPNet's vocab.txt has BERT's special tokens too, which are ordinary ones in it. */
    @Test
    void wordPiecesOfMpNetsVocabularyAlone(@TempDir Path folder) throws IOException {
        Files.copy(folder("mpnet").resolve("vocab.txt"), folder.resolve("vocab.txt"));
        try (TextTokenizer made = TextTokenizer.load(folder, LONG);
                TextTokenizer whole = TextTokenizer.load(folder("mpnet"), LONG)) {
            assertThat(made.padId()).isEqualTo(whole.padId());
            assertThat(made.vocabSize()).isEqualTo(whole.vocabSize());
            for (JsonNode each : cases("mpnet", "texts.json")) {
                String text = each.path("text").asText();
                String pair = each.path("pair").textValue();
                assertThat(made.encode(text, pair).ids())
                        .as(each.toString())
                        .isEqualTo(whole.encode(text, pair).ids());
            }
        }
    }

    /** A copy makes the same tokens, and says of itself what transformers wants to know. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "mpnet", "albert", "gpt2"})
    void copies(String family, @TempDir Path copy) throws IOException {
        TokenizerFiles.copy(folder(family), copy, 64, Form.WORDS);
        JsonNode config = new ObjectMapper()
                .readTree(copy.resolve("tokenizer_config.json").toFile());
        JsonNode before = new ObjectMapper()
                .readTree(folder(family).resolve("tokenizer_config.json").toFile());
        assertThat(config.path("tokenizer_class")).isEqualTo(before.path("tokenizer_class"));
        assertThat(config.path("pad_token")).isEqualTo(before.path("pad_token"));
        assertThat(config.path("model_max_length").asInt()).isEqualTo(64);
        if (family.equals("roberta")) {
            assertThat(config.path("add_prefix_space").booleanValue()).isTrue();
            assertThat(copy.resolve("vocab.json")).exists();
            assertThat(copy.resolve("merges.txt")).exists();
        }
        try (TextTokenizer tokenizer = TextTokenizer.load(copy, LONG);
                TextTokenizer source = TextTokenizer.load(folder(family), LONG, Form.WORDS)) {
            for (JsonNode each : cases(family, "texts.json")) {
                String text = each.path("text").asText();
                assertThat(tokenizer.encode(text, null).ids())
                        .isEqualTo(source.encode(text, null).ids());
            }
        }
    }

    private static Path folder(String family) {
        try {
            return Path.of(GoldenTokenizersTest.class
                    .getResource("/golden/tokenizers/" + family)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<JsonNode> cases(String family, String file) throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        new ObjectMapper().readTree(folder(family).resolve(file).toFile()).forEach(cases::add);
        return cases;
    }

    private static int[] integers(JsonNode array) {
        return Stream.iterate(0, i -> i + 1)
                .limit(array.size())
                .mapToInt(i -> array.get(i).intValue())
                .toArray();
    }
}
