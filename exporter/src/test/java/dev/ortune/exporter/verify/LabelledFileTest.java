package dev.ortune.exporter.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
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
        assertThat(read("a.jsonl", "{\"sentence\": \"\\ud800\", \"pair\": \"\"}"))
                .containsExactly(new LabelledText("\ud800", "", -1));
    }

    @Test
    void takesQuestionsWithTheirContexts() throws IOException {
        assertThat(read(
                        "squad.json",
                        "{\"version\": \"2.0\", \"data\": [{\"title\": \"t\", \"paragraphs\": [{\"context\": \"c\", \"qas\":"
                                + " [{\"question\": \"q\", \"id\": \"1\"}, {\"question\": \"r\", \"id\": \"2\"}]}]}]}"))
                .containsExactly(new LabelledText("q", "c", -1), new LabelledText("r", "c", -1));
    }

    /** Files are often sorted by label. */
    @Test
    void takesTextsFromAllOverTheFile() throws IOException {
        Path file = Files.writeString(
                folder.resolve("a.tsv"), "text\tlabel\n" + "x\tbad\n".repeat(500) + "y\tgood\n".repeat(500));
        List<LabelledText> texts = LabelledFile.read(file, DataColumns.FOUND, LABELS, 100);
        assertThat(texts).hasSize(100);
        assertThat(texts.stream().filter(text -> text.label() == 1).count()).isBetween(35L, 65L);
        assertThat(LabelledFile.read(file, DataColumns.FOUND, LABELS, 100)).isEqualTo(texts);
        assertThat(LabelledFile.read(file, DataColumns.FOUND, LABELS, 1000)).hasSize(1000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.tsv    | 'Premise→Hypothesis→Gold_Label⏎x→y→good'      | y",
                "a.csv    | 'id,sentence,pair,quality⏎1,x,y,1.0'          | y",
                "a.ndjson | {\"question\":\"x\",\"sentence\":\"y\",\"label\":1} | y",
                "a.tsv    | s→1→*→x                                       | ",
                "a.tsv    | 'Review→Class⏎x→good'                         | ",
            })
    void findsTheColumnsThatTrainingFinds(String name, String content, String pair) throws IOException {
        String text = content.replace('⏎', '\n').replace('→', '\t');
        assertThat(read(name, text)).containsExactly(new LabelledText("x", pair, 1));
    }

    @Test
    void columnsCanBeNamedOrNumbered() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "id,words,more,verdict\n7,x,y,good\n");
        assertThat(LabelledFile.read(file, new DataColumns("words", "2", "Verdict"), LABELS, 9))
                .containsExactly(new LabelledText("x", "y", 1));
        Path bare = Files.writeString(folder.resolve("b.tsv"), "good\tx\n");
        assertThat(LabelledFile.read(bare, new DataColumns("1", null, "0"), LABELS, 9))
                .containsExactly(new LabelledText("x", null, 1));
        assertThatThrownBy(() -> LabelledFile.read(file, new DataColumns("word", null, null), LABELS, 9))
                .hasMessage(file + ": --text-column word is not there; the columns are id, words, more, verdict");
        assertThatThrownBy(() -> LabelledFile.read(bare, new DataColumns("2", null, null), LABELS, 9))
                .hasMessage(bare
                        + ": --text-column 2 is not there; there is no header, and the first row has columns 0 to 1");
    }

    @Test
    void readsPackedFiles() throws IOException {
        Path file = folder.resolve("a.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("{\"text\": \"x\", \"label\": \"good\"}\n".getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = Files.readAllBytes(file);
        assertThat(LabelledFile.read(file, DataColumns.FOUND, LABELS, 9))
                .containsExactly(new LabelledText("x", null, 1));
        Files.write(file, Arrays.copyOf(whole, whole.length - 12));
        assertThatThrownBy(() -> LabelledFile.read(file, DataColumns.FOUND, LABELS, 9))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessage(file + ": the gzip file is cut off");
        Files.writeString(file, "text");
        assertThatThrownBy(() -> LabelledFile.read(file, DataColumns.FOUND, LABELS, 9))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file + ": no valid gzip file");
    }

    @Test
    void textsOfWordsHaveNoLabels() throws IOException {
        LabelledText first = new LabelledText("U.N. official", null, -1);
        LabelledText second = new LabelledText("Zürich", null, -1);
        String words = "-DOCSTART- -X- O\n\nU.N. NNP B-ORG\nofficial NN O\n\n\nZürich NNP B-LOC";
        assertThat(read("a.conll", words)).containsExactly(first, second);
        assertThat(read("a.txt", words.replace(' ', '\t').replace("\n", "\r\n")))
                .containsExactly(first, second);
        assertThat(read("b.txt", "U.N. official\n\nZürich\r\n")).containsExactly(first, second);
        Path file = Files.writeString(
                folder.resolve("a.jsonl"), "{\"id\": 0, \"tokens\": [\"U.N.\", \"official\"], \"ner_tags\": [3, 0]}\n");
        assertThat(LabelledFile.read(file, DataColumns.FOUND, List.of(), 9)).containsExactly(first);
        Path several = Files.writeString(folder.resolve("c.tsv"), "text\tlabels\nZürich\tgood bad\n");
        assertThat(LabelledFile.read(several, DataColumns.FOUND, List.of(), 9)).containsExactly(second);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.tsv   | text→label⏎⏎x→0→y        | line 3: 3 columns where the first line has 2",
                "a.csv   | text,label⏎x,0⏎x         | line 3: 1 columns where the first line has 2",
                "a.csv   | text,label⏎'x            | no valid CSV: ",
                "a.tsv   | text→label⏎x→fine        | line 2: the label fine is not one of bad, good",
                "a.jsonl | {'text':'x'}⏎⏎{          | line 3: is not valid JSON",
                "a.jsonl | {'label':1}              | cannot tell the text column; the columns are label; name it with --text-column",
                "a.jsonl | {'text':'x'}⏎{'label':1} | line 2: the sentence is missing",
                "a.jsonl | {'text':'x'} 7           | line 1: is not valid JSON",
                "a.jsonl | []                       | line 1: is no JSON object",
                "a.tsv   | x→y⏎                     | cannot tell the text column; there is no header",
                "a.tsv   | ⏎                        | holds no sentences",
                "a.tsv   | text⏎                    | holds no sentences",
                "a.pdf   | text                     | unknown format; .tsv, .csv, .jsonl, .txt and .conll are read, also with .gz",
                "a.conll | -DOCSTART- O⏎⏎           | holds no sentences",
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
        Path file = Files.write(folder.resolve(name), "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> LabelledFile.read(file, DataColumns.FOUND, LABELS, 9))
                .hasMessage(file + ": line 1: no valid UTF-8");
    }

    private List<LabelledText> read(String name, String content) throws IOException {
        return LabelledFile.read(Files.writeString(folder.resolve(name), content), DataColumns.FOUND, LABELS, 1000);
    }
}
