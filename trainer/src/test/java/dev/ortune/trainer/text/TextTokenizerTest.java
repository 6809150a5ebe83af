package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTokenizerTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeVocabulary() throws IOException {
        TinyVocab.write(folder);
    }

    @Test
    void marksThePartsOfAPair() {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 20)) {
            Encoding pair = tokenizer.encode("the cat", "it runs");
            assertThat(tokenizer.tokens(pair.ids()))
                    .containsExactly("[CLS]", "the", "cat", "[SEP]", "it", "run", "##s", "[SEP]");
            assertThat(pair.typeIds()).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
            assertThat(pair.truncated()).isZero();
        }
    }

    @Test
    void ignoresTheFilesOwnPaddingAndTruncation() throws IOException {
        ObjectNode json = VocabFile.toTokenizerJson(folder.resolve("vocab.txt"), true);
        json.putObject("truncation")
                .put("direction", "Right")
                .put("max_length", 4)
                .put("strategy", "LongestFirst")
                .put("stride", 0);
        ObjectNode padding = json.putObject("padding");
        padding.putObject("strategy").put("Fixed", 128);
        padding.put("direction", "Right")
                .putNull("pad_to_multiple_of")
                .put("pad_id", 0)
                .put("pad_type_id", 0)
                .put("pad_token", "[PAD]");
        Files.write(folder.resolve("tokenizer.json"), JsonFile.bytes(json));
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 600)) {
            assertThat(tokenizer.encode("the cat runs", null).length()).isEqualTo(6);
            Encoding all = tokenizer.encodeAll(List.of("the ".repeat(700))).get(0);
            assertThat(all.length()).isEqualTo(600);
            assertThat(all.truncated()).isEqualTo(102);
        }
    }

    @Test
    void cutsToTheMaximalLengthAndKeepsTheSpecialTokens() {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 4)) {
            Encoding cut = tokenizer.encode("the cat runs it", null);
            assertThat(tokenizer.tokens(cut.ids())).containsExactly("[CLS]", "the", "cat", "[SEP]");
            assertThat(cut.truncated()).isEqualTo(3);
            assertThat(tokenizer.encode("the cat", null).truncated()).isZero();
        }
    }

    @Test
    void keepsSpecialTokensThatTheTextItselfSpellsOut() {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 5)) {
            Encoding cut = tokenizer.encode("the [SEP] cat runs", null);
            assertThat(tokenizer.tokens(cut.ids())).containsExactly("[CLS]", "the", "[SEP]", "cat", "[SEP]");
        }
    }

    @Test
    void encodesManyLikeOne() {
        List<String> texts =
                IntStream.range(0, 2500).mapToObj(i -> "the cat ".repeat(i % 7)).toList();
        List<String> pairs =
                IntStream.range(0, 2500).mapToObj(i -> "it runs ".repeat(i % 5)).toList();
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 12)) {
            List<Encoding> single = tokenizer.encodeAll(texts);
            List<Encoding> paired = tokenizer.encodeAll(texts, pairs);
            assertThat(single).hasSize(2500);
            for (int i = 0; i < 2500; i += 13) {
                assertSame(single.get(i), tokenizer.encode(texts.get(i), null));
                assertSame(paired.get(i), tokenizer.encode(texts.get(i), pairs.get(i)));
            }
        }
    }

    @Test
    void givesEachThreadTheSameAnswer() {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 12)) {
            Encoding alone = tokenizer.encode("the cat runs", "it");
            IntStream.range(0, 2000).parallel().forEach(i -> assertSame(tokenizer.encode("the cat runs", "it"), alone));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\0",
                "a\0b",
                "\ud83d",
                "\ude00\ud83d",
                "the \ud83d cat",
                "😀",
                "\uffff",
                "\n\t",
                "\u202e"
            })
    void takesAnyText(String text) {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 12)) {
            assertWhole(tokenizer, tokenizer.encode(text, null));
            assertWhole(tokenizer, tokenizer.encode(text, text));
            assertSame(tokenizer.encodeAll(List.of("the", text)).get(1), tokenizer.encode(text, null));
        }
    }

    @Test
    void readsOnAfterHalfACharacter() {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 12)) {
            Encoding broken = tokenizer.encode("the \ud83d cat 😀", null);
            assertThat(tokenizer.tokens(broken.ids())).containsExactly("[CLS]", "the", "cat", "[UNK]", "[SEP]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "the ", "😀", "é ", "\ud83d", "."})
    void takesLongLines(String unit) {
        String line = unit.repeat(100_000 / unit.length());
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 12)) {
            assertWhole(tokenizer, tokenizer.encode(line, null));
            assertWhole(tokenizer, tokenizer.encode(line, line));
        }
    }

    @Test
    void knowsItsVocabulary() {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 12)) {
            assertThat(tokenizer.vocabSize()).isEqualTo(TinyVocab.TOKENS.size());
            assertThat(tokenizer.padId()).isEqualTo(TinyVocab.TOKENS.indexOf("[PAD]"));
            assertThat(tokenizer.tokens(new int[] {6, -1, 999})).containsExactly("cat", "<-1>", "<999>");
        }
    }

    @Test
    void refusesALengthWithoutRoomForText() {
        assertThatThrownBy(() -> TextTokenizer.load(folder, 3))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessage("a maximal length of 3 leaves no room for text beside 3 special tokens");
    }

    @Test
    void refusesAFolderWithoutATokenizer() throws IOException {
        Files.delete(folder.resolve("vocab.txt"));
        refused(folder + ": holds neither tokenizer.json nor vocab.txt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{|is not valid JSON (",
                "[]|is not a JSON object",
                "{}|holds no vocabulary",
                "{\"model\": {\"vocab\": {\"a\": -1}}}|token \"a\" has the impossible id -1",
                "{\"model\": {\"vocab\": {\"a\": 2000000000}}}|token \"a\" has the impossible id 2000000000",
                "{\"model\": {\"vocab\": {\"a\": \"x\"}}}|token \"a\" has the impossible id \"x\"",
                "{\"model\": {\"vocab\": {\"a\": 0}}}|is no usable tokenizer (",
                "{\"model\": {\"type\": \"New\", \"vocab\": {\"a\": 0}}}|is no usable tokenizer (",
            })
    void refusesABrokenTokenizer(String jsonAndMessage) throws IOException {
        String[] parts = jsonAndMessage.split("\\|", 2);
        Files.writeString(folder.resolve("tokenizer.json"), parts[0]);
        refused(folder.resolve("tokenizer.json") + ": " + parts[1]);
    }

    private void refused(String message) {
        assertThatThrownBy(() -> TextTokenizer.load(folder, 12).close())
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(message);
    }

    private static void assertWhole(TextTokenizer tokenizer, Encoding encoding) {
        String[] tokens = tokenizer.tokens(encoding.ids());
        assertThat(tokens.length).isBetween(2, 12);
        assertThat(tokens[0]).isEqualTo("[CLS]");
        assertThat(tokens[tokens.length - 1]).isEqualTo("[SEP]");
    }

    private static void assertSame(Encoding actual, Encoding expected) {
        assertThat(actual.ids()).isEqualTo(expected.ids());
        assertThat(actual.typeIds()).isEqualTo(expected.typeIds());
        assertThat(actual.truncated()).isEqualTo(expected.truncated());
    }
}
