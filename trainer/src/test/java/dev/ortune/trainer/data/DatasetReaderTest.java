package dev.ortune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

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

class DatasetReaderTest {
    @TempDir
    Path folder;

    @Test
    void recognisesColasLayout() throws IOException {
        Dataset dataset = read("cola.tsv", "ab1\t1\t\tthe dog barked .\nab2\t0\t*\tthe dog bark \"loud .\r\n");

        assertThat(dataset.examples())
                .containsExactly(
                        new Example("the dog barked .", null, 1, "ab1", 1),
                        new Example("the dog bark \"loud .", null, 0, "ab2", 2));
        assertThat(dataset.labels().names()).containsExactly("LABEL_0", "LABEL_1");
        assertThat(dataset.name()).endsWith("cola.tsv");
    }

    @Test
    void aQuoteIsPlainInTsv() throws IOException {
        assertThat(texts(read("a.tsv", "sentence\tlabel\n\"a\" b\t0\n\"c\t1\nd \"\"\t0\n")))
                .containsExactly("\"a\" b", "\"c", "d \"\"");
    }

    @Test
    void findsColumnsByTheHeader() throws IOException {
        assertThat(read("a.tsv", "id\tText\tLabels\n7\tfine\t0\n8\tgood\t1\n").examples())
                .containsExactly(new Example("fine", null, 0, "", 2), new Example("good", null, 1, "", 3));
        assertThat(texts(read("b.csv", "stars,review,category\n5,\"so, so\",x\n")))
                .containsExactly("so, so");
        assertThat(read("c.tsv", "source\tcontent\ttarget\nweb\tfine\t0\n").examples())
                .containsExactly(new Example("fine", null, 0, "web", 2));
    }

    @Test
    void findsThePairsOfGlue() throws IOException {
        String mrpc = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t5\t6\tone\ttwo\n0\t5\t6\tthree\tfour\n";

        assertThat(read("a.tsv", mrpc).examples())
                .containsExactly(new Example("one", "two", 1, "", 2), new Example("three", "four", 0, "", 3));
        assertThat(read("b.tsv", "index\tquestion\tsentence\tlabel\n0\twhy ?\tso .\tyes\n")
                        .examples())
                .containsExactly(new Example("why ?", "so .", 0, "", 2));
    }

    /** {@code -} for a text alone. */
    @ParameterizedTest
    @CsvSource({
        "review, -, sentiment",
        "Utterance, -, Intent",
        "sentence, pair, label",
        "premise, hypothesis, gold_label",
        "question1, question2, is_duplicate",
        "question, answer, quality",
        "text, text_pair, category",
    })
    void aHeaderOfUsualNamesIsOneInEveryFormat(String text, String pair, String label) throws IOException {
        boolean single = pair.equals("-");
        String header = single ? text + ",id," + label : text + "," + pair + "," + label;
        Example wanted = new Example("a", single ? null : "b", 0, "", 2);
        assertThat(read("a.csv", header + "\na,b,0\n").examples()).containsExactly(wanted);
        assertThat(read("a.tsv", (header + "\na,b,0\n").replace(',', '\t')).examples())
                .containsExactly(wanted);
        String json = String.format("{\"%s\":\"a\",\"%s\":\"b\",\"%s\":0}", text, single ? "id" : pair, label);
        assertThat(read("a.jsonl", json).examples()).containsExactly(new Example("a", wanted.pair(), 0, "", 1));
    }

    /** A row of words that are names only in other places. */
    @Test
    void aRowWithoutAUsualTextOrLabelIsAnExample() throws IOException {
        assertThat(read("a.tsv", "ab1\t1\t\treview\nab2\t0\t\tfine .\n").examples())
                .extracting(Example::text)
                .containsExactly("review", "fine .");
    }

    @Test
    void readsTheColumnsThatAreNamed() throws IOException {
        ReadOptions options = new ReadOptions("b", "a", "verdict");

        assertThat(read("a.csv", "a,b,verdict,label\n1st,2nd,no,0\n", options, null)
                        .examples())
                .containsExactly(new Example("2nd", "1st", 0, "", 2));
    }

    @Test
    void readsNumberedColumnsFromZeroWithoutHeader() throws IOException {
        ReadOptions options = new ReadOptions("2", null, "0");

        assertThat(read("a.csv", "1,x,fine\n0,y,bad\n", options, null).examples())
                .containsExactly(new Example("fine", null, 1, "", 1), new Example("bad", null, 0, "", 2));
    }

    @Test
    void aHeaderIsSkippedAlsoWhereColumnsAreNumbered() throws IOException {
        assertThat(texts(read("a.tsv", "utterance\tlabel\nfine\tx\n", new ReadOptions("0", null, "1"), null)))
                .containsExactly("fine");
    }

    @Test
    void readsQuotedCsvAcrossLines() throws IOException {
        assertThat(texts(read("a.csv", "text,label\n\"two\nlines, \"\"quoted\"\"\",0\r\nplain,1\n")))
                .containsExactly("two\nlines, \"quoted\"", "plain");
    }

    @Test
    void readsJsonLines() throws IOException {
        String json = "{\"text\": \"a\\tb\", \"label\": true, \"tags\": [1]}\n\n{\"label\": false, \"text\": \"é\"}";
        Dataset dataset = read("a.jsonl", json);

        assertThat(dataset.examples())
                .containsExactly(new Example("a\tb", null, 1, "", 1), new Example("é", null, 0, "", 3));
        assertThat(dataset.labels().names()).containsExactly("false", "true");
    }

    @Test
    void readsGzip() throws IOException {
        Path file = folder.resolve("a.TSV.GZ");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("sentence\tlabel\nfine\t0\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(texts(DatasetReader.read(file, ReadOptions.DEFAULTS, null))).containsExactly("fine");
    }

    @Test
    void toleratesAByteOrderMarkAndBlankLines() throws IOException {
        for (String name : List.of("a.tsv", "a.csv", "a.jsonl")) {
            String content = name.endsWith("jsonl")
                    ? "{\"text\":\"fine\",\"label\":0}\n"
                    : "text,label\n\nfine,0\n\n".replace(',', name.endsWith("tsv") ? '\t' : ',');
            assertThat(texts(read(name, "\uFEFF" + content))).as(name).containsExactly("fine");
        }
    }

    /** Half a surrogate pair is the one thing that no UTF-8 holds. */
    @Test
    void takesOddTexts() throws IOException {
        assertThat(texts(read("a.tsv", "text\tlabel\n\t0\na\0b\t1\n ?!\t0\n\u202e\u05e9\t1\n")))
                .containsExactly("", "a\0b", " ?!", "\u202e\u05e9");
        assertThat(read("b.tsv", "sentence1\tsentence2\tlabel\nx\t\t0\n").examples())
                .containsExactly(new Example("x", "", 0, "", 2));
        assertThat(texts(read("c.jsonl", "{\"text\":\"\\ud800x\",\"label\":0}\n{\"text\":\"\\u0000\",\"label\":1}\n")))
                .containsExactly("\ufffdx", "\0");
    }

    @Test
    void sortsNamedLabelsWhateverTheOrderOfRows() throws IOException {
        Dataset dataset = read("a.tsv", "text\tlabel\nx\tspam\ny\tham\nz\tspam\n");

        assertThat(dataset.labels().names()).containsExactly("ham", "spam");
        assertThat(dataset.examples()).extracting(Example::label).containsExactly(1, 0, 1);
    }

    @Test
    void takesFloatsWithoutFractionForIntegers() throws IOException {
        Dataset dataset = read("a.csv", "text,label\nx,1.0\ny,0.0\n");

        assertThat(dataset.labels().names()).containsExactly("LABEL_0", "LABEL_1");
        assertThat(dataset.examples()).extracting(Example::label).containsExactly(1, 0);
    }

    @Test
    void keepsToKnownLabelsByNameOrId() throws IOException {
        Labels known = new Labels(List.of("no", "yes", "maybe"));
        Dataset dataset = read("a.tsv", "text\tlabel\nx\tyes\ny\tmaybe\nz\tno\n", ReadOptions.DEFAULTS, known);

        assertThat(dataset.labels()).isEqualTo(known);
        assertThat(dataset.examples()).extracting(Example::label).containsExactly(1, 2, 0);
        assertThat(labels("1\n2\n0\n", known)).containsExactly(1, 2, 0);
    }

    @Test
    void numbersThatAreNamesAreTakenAsSuch() throws IOException {
        Labels stars = new Labels(List.of("1", "2", "3"));

        assertThat(labels("1\n3\n2\n", stars)).containsExactly(0, 2, 1);
        assertThat(labels("1.0\n3.0\n", stars)).containsExactly(0, 2);
        assertThat(labels("0\n2\n1\n", stars)).as("numbered from 0").containsExactly(0, 2, 1);
        assertThat(labels("1\n0\n", new Labels(List.of("1", "0")))).containsExactly(0, 1);
    }

    /** A test set without the first label must not be taken for one of names. */
    @Test
    void allFilesNumberLabelsAsTheFirstDid() throws IOException {
        Labels stars = new Labels(List.of("1", "2", "3"));
        Labels told = read("a.tsv", "text\tlabel\nx\t0\ny\t1\nz\t2\n", ReadOptions.DEFAULTS, stars)
                .labels();

        assertThat(labels("1\n2\n", told)).containsExactly(1, 2);
    }

    @Test
    void tellsSemicolonsAndTabsFromCommas() throws IOException {
        Dataset semicolons = read("a.csv", "text;label\nso, so;0\n\"a;b\";1\n");
        assertThat(texts(semicolons)).containsExactly("so, so", "a;b");
        assertThat(semicolons.reading().notices())
                .containsExactly(semicolons.name()
                        + ": semicolons are taken for what separates the columns; --delimiter says otherwise");
        Dataset tabs = read("b.csv", "fine, or so\tx\nbad\ty\n", new ReadOptions("0", null, "1"), null);
        assertThat(texts(tabs)).containsExactly("fine, or so", "bad");
        assertThat(tabs.reading().notices()).hasSize(1);
        Dataset commas = read("c.csv", "id,text,label\n1,a;b,0\n2,c;d,1\n");
        assertThat(texts(commas)).containsExactly("a;b", "c;d");
        assertThat(commas.reading().notices()).isEmpty();
        assertThat(texts(read("d.csv", "a;x\nb;y\n", new ReadOptions("0", null, "1"), null)))
                .containsExactly("a", "b");
    }

    @Test
    void takesTheDelimiterThatIsNamed() throws IOException {
        assertThat(texts(read("a.csv", "text|label\na,b|0\n", new ReadOptions(null, null, null, '|', false), null)))
                .containsExactly("a,b");
        assertThat(texts(read("a.tsv", "text,label\n\"a\",0\n", new ReadOptions(null, null, null, ',', false), null)))
                .containsExactly("\"a\"");
    }

    /** {@code DataFrame.to_csv(sep="\t")}. */
    @Test
    void readsQuotesInTsvWhereAsked() throws IOException {
        String pandas = "text\tlabel\n\"two\nlines\"\t0\n\"a \"\"b\"\"\"\t1\n";
        assertThat(texts(read("a.tsv", pandas, new ReadOptions(null, null, null, null, true), null)))
                .containsExactly("two\nlines", "a \"b\"");
        Dataset plain = read("b.tsv", "text\tlabel\n\"a\"\t0\n\"b\"\t1\n");
        assertThat(texts(plain)).containsExactly("\"a\"", "\"b\"");
        assertThat(plain.reading().notices())
                .containsExactly(plain.name() + ": 2 of 2 texts stand in quotes, which are taken as part of them;"
                        + " --quoting reads them as pandas writes them");
    }

    @Test
    void saysWhatNumbersAreTakenFor() throws IOException {
        Dataset numbered =
                read("a.tsv", "text\tlabel\nx\t1\ny\t0\n", ReadOptions.DEFAULTS, new Labels(List.of("a", "b")));
        assertThat(numbered.numbersTaken())
                .isEqualTo(numbered.name() + " numbers its labels: 0 is taken for a, 1 is taken for b");
        assertThat(read("b.tsv", "text\tlabel\nx\t1\n", ReadOptions.DEFAULTS, Labels.numbered(2))
                        .reading())
                .isEqualTo(Reading.PLAIN);
        assertThat(read("c.tsv", "text\tlabel\nx\tb\n", ReadOptions.DEFAULTS, new Labels(List.of("a", "b")))
                        .reading())
                .isEqualTo(Reading.PLAIN);
    }

    private List<Integer> labels(String rows, Labels known) throws IOException {
        String file = "text\tlabel\n" + rows.replaceAll("(?m)^(?=.)", "x\t");
        return read("labels.tsv", file, ReadOptions.DEFAULTS, known).examples().stream()
                .map(Example::label)
                .toList();
    }

    private Dataset read(String name, String content) throws IOException {
        return read(name, content, ReadOptions.DEFAULTS, null);
    }

    private Dataset read(String name, String content, ReadOptions options, Labels known) throws IOException {
        return DatasetReader.read(Files.writeString(folder.resolve(name), content), options, known);
    }

    private static List<String> texts(Dataset dataset) {
        return dataset.examples().stream().map(Example::text).toList();
    }
}
