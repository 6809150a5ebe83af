package dev.ortune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordLabelReaderTest {
    private static final String CONLL_2003 = """
            -DOCSTART- -X- -X- O

            EU NNP B-NP B-ORG
            rejects VBZ B-VP O
            German JJ B-NP B-MISC

            -DOCSTART- -X- -X- O

            Peter NNP B-NP B-PER
            """;

    @TempDir
    Path folder;

    @Test
    void columnsThatBlanksSeparate() throws IOException {
        Dataset set = read("eng.train.conll", CONLL_2003);
        assertThat(set.labels().names()).containsExactly("B-MISC", "B-ORG", "B-PER", "O");
        assertThat(set.examples()).containsExactly(example(3, "EU rejects German", 1, 3, 0), example(9, "Peter", 2));
    }

    @Test
    void columnsAreChosenByNumber() throws IOException {
        Dataset set = read("a.conll", CONLL_2003, new ReadOptions(null, null, "1"), null);
        assertThat(set.labels().names()).containsExactly("JJ", "NNP", "VBZ");
        assertFails(
                "a.conll",
                CONLL_2003,
                new ReadOptions(null, null, "4"),
                "--label-column 4 is not there; the columns have no names, and the first line has columns 0 to 3");
        assertFails("a.conll", CONLL_2003, new ReadOptions("word", null, null), "--text-column word is not there");
        assertFails("a.conll", CONLL_2003, new ReadOptions(null, "1", null), "no second text");
    }

    /** WNUT-17's files end sentences with a lone tab, and have quotes, emoji and words that only look empty. */
    @Test
    void columnsThatTabsSeparate() throws IOException {
        Dataset set = read("wnut17train.conll", "\ufeff\"\tO\n\u200d\tO\n\t\n😀 x\tB-a\r\n\r\n \tO\n\tO");
        assertThat(set.examples())
                .containsExactly(
                        example(1, List.of("\"", "\u200d"), 1, 1),
                        example(4, List.of("😀 x"), 0),
                        example(6, List.of(" ", ""), 1, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.conll", "a.txt", "a.iob", "a.bio", "a.conll.gz", "emerging.test.annotated", "a.TXT"})
    void namesThatTellTheFormat(String name) throws IOException {
        Path file = write(name, "a\tO\n");
        assertThat(WordLabelReader.reads(file, ReadOptions.DEFAULTS)).isTrue();
        assertThat(WordLabelReader.read(file, ReadOptions.DEFAULTS, new Labels(List.of("B-x", "O")))
                        .size())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.tsv", "a.csv", "a"})
    void namesThatDoNot(String name) throws IOException {
        assertThat(WordLabelReader.reads(write(name, "a\tO\n"), ReadOptions.DEFAULTS))
                .isFalse();
    }

    @Test
    void jsonWithLists() throws IOException {
        String json = """
                {"id": 1, "tokens": ["EU", "rejects"], "ner_tags": ["B-ORG", "O"]}
                {"id": 2, "tokens": [], "ner_tags": []}

                {"ner_tags": ["O"], "tokens": ["x"]}
                """;
        Path file = write("a.jsonl", json);
        assertThat(WordLabelReader.reads(file, ReadOptions.DEFAULTS)).isTrue();
        Dataset set = WordLabelReader.read(file, ReadOptions.DEFAULTS, null);
        assertThat(set.examples()).containsExactly(example(1, "EU rejects", 0, 1), example(4, "x", 1));
        Path text = write("b.jsonl", "{\"text\": \"a\", \"label\": 1}");
        assertThat(WordLabelReader.reads(text, ReadOptions.DEFAULTS)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"words,ner", "tokens,labels", "words,tags"})
    void usualKeys(String words, String labels) throws IOException {
        Dataset set = read("a.jsonl", "{\"%s\": [\"a\", \"b\"], \"%s\": [0, 1]}".formatted(words, labels));
        assertThat(set.labels().names()).containsExactly("LABEL_0", "LABEL_1");
    }

    @Test
    void numbersAreTheModelsLabels() throws IOException {
        Labels known = new Labels(List.of("O", "B-PER", "I-PER"));
        Dataset set = read("a.jsonl", "{\"tokens\": [\"a\", \"b\"], \"tags\": [2, 0]}", ReadOptions.DEFAULTS, known);
        assertThat(set.examples()).containsExactly(example(1, "a b", 2, 0));
        assertThat(set.labels()).isEqualTo(known);
        Dataset named = read("a.conll", "a B-PER\n", ReadOptions.DEFAULTS, known);
        assertThat(named.examples()).containsExactly(example(1, "a", 1));
    }

    @Test
    void otherKeysByName() throws IOException {
        String json = "{\"t\": [\"a\"], \"pos\": [\"NOUN\"], \"tags\": [\"O\"]}\n{\"t\": [\"b\"], \"pos\": [\"X\"]}";
        ReadOptions options = new ReadOptions("t", null, "pos");
        assertThat(read("a.jsonl", json, options, null).labels().names()).containsExactly("NOUN", "X");
    }

    @Test
    void errorsNameFileAndLine() throws IOException {
        ReadOptions none = ReadOptions.DEFAULTS;
        assertFails("a.conll", "a\tO\nb\n", none, "a.conll, line 2: the label is missing");
        assertFails("a.conll", "a\tO\nb\t\n", none, "a.conll, line 2: the label is missing");
        assertFails("a.conll", "a O\nb X O\n", none, "a.conll, line 2: 3 columns where the first line has 2");
        assertFails("a.conll", "word\n", none, "a.conll, line 1: the label is missing");
        assertFails("a.conll", "\n\n", none, "a.conll: the file is empty");
        assertFails("a.csv", "a,O\n", none, "a.csv: .csv holds a text a row");
        assertFails("a.jsonl", "{\"tokens\": [\"a\"], \"tags\": []}", none, "line 1: 0 labels for 1 words");
        assertFails("a.jsonl", "{\"tokens\": [\"a\"], \"tags\": [null]}", none, "line 1: the label is missing");
        assertFails("a.jsonl", "{\"tokens\": [null], \"tags\": [\"O\"]}", none, "line 1: word 0 is null");
        assertFails("a.jsonl", "{\"tokens\": [[1]], \"tags\": [\"O\"]}", none, "\"tokens\" holds more than a list");
        assertFails("a.jsonl", "{\"text\": \"a\"}", none, "line 1: no list of tokens or words; the keys are text");
        assertThatThrownBy(() -> read("a.conll", "a\tB-x\nb\tB-y\n", none, new Labels(List.of("B-x", "O"))))
                .isInstanceOf(OrtuneException.class)
                .hasMessageEndingWith("a.conll, line 2: the label \"B-y\" is not one of B-x, O");
    }

    private void assertFails(String name, String content, ReadOptions options, String message) {
        assertThatThrownBy(() -> read(name, content, options, null))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining(message);
    }

    private static Example example(long line, String text, int... labels) {
        return example(line, List.of(text.split(" ")), labels);
    }

    private static Example example(long line, List<String> words, int... labels) {
        return new Example(String.join(" ", words), null, new Target.WordLabels(words, labels), "", line);
    }

    private Dataset read(String name, String content) throws IOException {
        return read(name, content, ReadOptions.DEFAULTS, null);
    }

    private Dataset read(String name, String content, ReadOptions options, Labels known) throws IOException {
        return WordLabelReader.read(write(name, content), options, known);
    }

    private Path write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream packed = name.endsWith(".gz") ? new GZIPOutputStream(out) : out) {
            packed.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
