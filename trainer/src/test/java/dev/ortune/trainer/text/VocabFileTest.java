package dev.ortune.trainer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected ids follow from the rules of BERT's tokenizer by hand. */
class VocabFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "The CAT runs.|2 5 6 8 9 12 3",
                "  the\tcat  |2 5 6 3",
                "Café|2 11 3",
                "Cafe\u0301|2 11 3",
                "running unruns|2 8 10 16 17 9 3",
                "it's|2 7 13 1 3",
                "cat中the|2 6 14 5 3",
                "the-cat!!|2 5 22 6 15 15 3",
                "cat$|2 6 23 3",
                "dog cat|2 1 6 3",
                "catdog|2 1 3",
                "the [MASK] runs|2 5 4 8 9 3",
                "[mask]|2 1 1 1 3",
                "😀 the|2 1 5 3",
                "the\u200bcat|2 1 3",
                "the\u0000 cat\ufffd|2 5 6 3",
                "|2 3",
            })
    void uncased(String text, String ids) throws IOException {
        assertIds(true, text, ids);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {"The cat|2 21 6 3", "CAT the|2 1 5 3", "café|2 20 3", "cafe\u0301|2 11 24 3"})
    void cased(String text, String ids) throws IOException {
        assertIds(false, text, ids);
    }

    @Test
    void takesWordsOfUpTo100Letters() throws IOException {
        assertIds(true, "a".repeat(100), "2 18" + " 19".repeat(99) + " 3");
        assertIds(true, "a".repeat(101), "2 1 3");
    }

    @Test
    void tellsCasedFromUncased() throws IOException {
        assertThat(VocabFile.looksLowerCased(TinyVocab.write(folder))).isFalse();
        Path uncased = Files.writeString(folder.resolve("u.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\n");
        assertThat(VocabFile.looksLowerCased(uncased)).isTrue();
    }

    @Test
    void readsWindowsLinesAndALastLineWithoutEnd() throws IOException {
        Path vocab = Files.writeString(folder.resolve("vocab.txt"), "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nthe");
        var ids = VocabFile.toTokenizerJson(vocab, true).path("model").path("vocab");
        assertThat(ids.size()).isEqualTo(5);
        assertThat(ids.path("the").intValue()).isEqualTo(4);
    }

    @Test
    void refusesAMissingSpecialToken() throws IOException {
        refused("[PAD]\n[UNK]\n[CLS]\nthe\n", ": the token [SEP] is missing; is this BERT's vocabulary?");
    }

    @Test
    void refusesADuplicate() throws IOException {
        refused("[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\nthe\n", ":6: \"the\" is there a second time");
    }

    @Test
    void refusesOtherEncodings() throws IOException {
        Path vocab = Files.write(folder.resolve("vocab.txt"), new byte[] {'a', (byte) 0xe9, '\n'});
        assertThatThrownBy(() -> VocabFile.toTokenizerJson(vocab, true))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessage(vocab + ": is not UTF-8 text");
    }

    private void refused(String content, String message) throws IOException {
        Path vocab = Files.writeString(folder.resolve("vocab.txt"), content);
        assertThatThrownBy(() -> VocabFile.toTokenizerJson(vocab, true))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessage(vocab + message);
    }

    private void assertIds(boolean lowerCase, String text, String expected) throws IOException {
        Path vocab = TinyVocab.write(folder);
        Files.write(folder.resolve("tokenizer.json"), JsonFile.bytes(VocabFile.toTokenizerJson(vocab, lowerCase)));
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 200)) {
            int[] ids = tokenizer.encode(text == null ? "" : text, null).ids();
            StringBuilder actual = new StringBuilder();
            for (int id : ids) {
                actual.append(actual.isEmpty() ? "" : " ").append(id);
            }
            assertThat(actual.toString()).isEqualTo(expected);
        }
    }
}
