package dev.ortune.exporter.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelledFileTest {
    private static final List<String> LABELS = List.of("bad", "good");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void readsEveryFormatWithAByteOrderMarkAndBlankLines(String end) throws IOException {
        List<LabelledText> expected = List.of(
                new LabelledText("say \"so\"", null, 1), new LabelledText("", null, 0), new LabelledText("!", null, 1));
        assertThat(read("a.tsv", "\ufeffsentence\tlabel⏎say \"so\"\tgood⏎⏎\t0⏎!\t1".replace("⏎", end)))
                .isEqualTo(expected);
        assertThat(read("a.csv", "\ufefftext,label⏎\"say \"\"so\"\"\",good⏎⏎,0⏎!,\"1\"⏎".replace("⏎", end)))
                .isEqualTo(expected);
        assertThat(read("a.jsonl", """
                        \ufeff{"text": "say \\"so\\"", "label": "good"}⏎⏎{"text": "", "label": 0}⏎{"label": 1, "text": "!"}
                        """.replace("⏎", end))).isEqualTo(expected);
    }

    @Test
    void takesOddTexts() throws IOException {
        assertThat(read("a.tsv", "sentence1\tsentence2\n\0\t\u202e\u05e9\n\t\n?!\t\ud83d\ude00\n"))
                .containsExactly(
                        new LabelledText("\0", "\u202e\u05e9", -1), new LabelledText("?!", "\ud83d\ude00", -1));
        assertThat(read("a.csv", "text\n\"two\nlines\"\n")).containsExactly(new LabelledText("two\nlines", null, -1));
        assertThat(read("a.jsonl", "{\"text\": \"\\ud800\", \"pair\": \"\"}"))
                .containsExactly(new LabelledText("\ud800", "", -1));
    }

    @Test
    void readsNoMoreThanIsWanted() throws IOException {
        for (String name : List.of("a.tsv", "a.csv")) {
            Path file = Files.writeString(folder.resolve(name), "text\n" + "x\n".repeat(5) + "\"broken\"x\t,\n");
            assertThat(LabelledFile.read(file, LABELS, 5)).hasSize(5);
        }
        Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"x\"}\n".repeat(5) + "{");
        assertThat(LabelledFile.read(file, LABELS, 5)).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.tsv   | text→label⏎⏎x→0→y        | line 3: 3 columns where the first line has 2",
                "a.csv   | text,label⏎x,0⏎x         | line 3: 1 columns where the first line has 2",
                "a.csv   | text,label⏎'x            | cannot be read (",
                "a.tsv   | text→label⏎x→fine        | line 2: the label fine is not one of bad, good",
                "a.jsonl | {'text':'x'}⏎⏎{          | line 3: is not valid JSON",
                "a.jsonl | {'label':1}              | line 1: the sentence is missing",
                "a.tsv   | ⏎                        | its first line names no column sentence or text",
                "a.tsv   | text⏎                    | holds no sentences",
                "a.txt   | text                     | unknown format; .tsv, .csv and .jsonl are read",
            })
    void saysWhatIsWrongAndWhere(String name, String content, String message) {
        String text = content.replace('⏎', '\n').replace('→', '\t').replace('\'', '"');
        assertThatThrownBy(() -> read(name, text))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(folder.resolve(name) + ": " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.tsv", "a.csv", "a.jsonl"})
    void refusesWhatIsNotUtf8(String name) throws IOException {
        Path file = Files.write(folder.resolve(name), "text\ncaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> LabelledFile.read(file, LABELS, 9)).hasMessage(file + ": is not UTF-8 text");
    }

    private List<LabelledText> read(String name, String content) throws IOException {
        return LabelledFile.read(Files.writeString(folder.resolve(name), content), LABELS, 1000);
    }
}
