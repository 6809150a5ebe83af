package dev.ortune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ortune.trainer.OrtuneException;
import java.io.ByteArrayOutputStream;
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

/** One error for each way in which a data file can be broken; each names the file and, where there is one, the line. */
class DatasetReaderErrorsTest {
    @TempDir
    Path folder;

    /** {@code ⏎} stands for a line end, {@code →} for a tab. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.tsv   | text→label⏎x→0⏎y         | , line 3: 1 columns where the first row has 2",
                "a.tsv   | text→label⏎x→0→z         | , line 2: 3 columns where the first row has 2",
                "a.tsv   | s→1→→x⏎s→1→x             | , line 2: 3 columns where the first row has 4",
                "a.csv   | text,label⏎x,0⏎`y`       | , line 3: 1 columns where the first row has 2",
                "a.tsv   | text→label⏎x→0⏎y→⏎       | , line 3: the label is missing",
                "a.jsonl | {'text':'x','label':0}⏎{'text':'x'} | , line 2: the label is missing",
                "a.jsonl | {'text':'x','label':null} | , line 1: the label is missing",
                "a.tsv   | text→label⏎→0⏎ →1        | : all texts are empty; name their column with --text-column",
                "a.jsonl | {'text':'x','label':0}⏎{'label':0}  | , line 2: the text is missing",
                "a.jsonl | {'text':'x','label':0}⏎{'text':null,'label':0} | , line 2: the text is missing",
                "a.tsv   | text→label⏎x→0⏎y→2       | , line 3: integer labels must be 0, 1, … without gaps, here is 2",
                "a.tsv   | text→label⏎x→0⏎y→-1      | , line 3: integer labels must be 0, 1, … without gaps, here is -1",
                "a.tsv   | text→label⏎x→2⏎y→1⏎z→1   | , line 2: integer labels must be 0, 1, … without gaps, here is 2"
                        + " but no row has 0",
                "a.jsonl | {'text':'x','label':0}⏎{'text':'x',  | , line 2: malformed JSON: Unexpected end-of-input",
                "a.jsonl | {'text':'x','label':0} {}            | , line 1: malformed JSON: Trailing token",
                "a.json  | [{'text':'x','label':0}]             | , line 1: a JSON object a line is wanted, here is a"
                        + " JSON array",
                "a.jsonl | {'text':'x','label':[0]}             | , line 1: the label is a list; --task"
                        + " multi-label learns several a text",
                "a.csv   | text,label⏎x,0⏎\"y,0⏎z,1            | : no valid CSV: ",
                "a.tsv   | text→label⏎              | : a header but no rows",
                "a.tsv   | ⏎⏎                       | : the file is empty",
                "a.tsv   | id→label⏎x→0             | : cannot tell the text column; the columns are id, label; name it"
                        + " with --text-column",
                "a.tsv   | text→stars⏎x→0           | : cannot tell the label column; the columns are text, stars; name"
                        + " it with --label-column",
                "a.tsv   | fine→0⏎bad→1             | : cannot tell the text column; there is no header, and the first"
                        + " row has columns 0 to 1",
                "a.tsv   | text→label⏎x→0.0⏎y→2.5⏎z→5  | , line 3: the label \"2.5\" is a number as scores are,"
                        + " which --task regression learns; round such labels to classes, or name them with"
                        + " --label-names",
                "a.csv   | text,label⏎x,\"[0, 1, 0]\"⏎y,\"[1, 0, 0]\" | , line 2: the label \"[0, 1, 0]\" is a list:"
                        + " --task multi-label reads several labels a text from lists in JSON, from a column with a"
                        + " --label-separator, or from --label-columns",
                "a.csv   | text,label⏎x,0⏎y,nan      | , line 3: the label is missing (\"nan\"): leave out such rows",
                "a.csv   | text,label⏎x,good⏎y,NaN   | , line 3: the label is missing (\"NaN\"): leave out such rows",
                "a.csv   | text,text,label⏎x,y,0     | : 2 columns are called text; give them other names",
                "a.jsonl | {'text':'x','text':'y','label':0}    | , line 1: malformed JSON: Duplicate field 'text'",
                "a.tsv   | text→label⏎x→1⏎y→3⏎z→2   | , line 3: integer labels must be 0, 1, … without gaps, here is 3"
                        + "; name them with --label-names=1,2,3",
                "a.tsv   | text→label⏎x→1⏎y→-1⏎z→1  | , line 3: integer labels must be 0, 1, … without gaps, here is -1;"
                        + " name them with --label-names=-1,1",
                "a.tsv   | text→label⏎\"two⏎lines\"→1⏎z→1  | , line 2: 1 columns where the first row has 2; where quotes"
                        + " hold line ends or tabs, --quoting reads them as pandas writes them",
                "a.tsv   | text⏎x⏎y                  | : cannot tell the label column; the columns are text; name it with"
                        + " --label-column; texts without labels are for \"ortune predict\"",
                "a.tsv   | text;label⏎x;0           | : cannot tell the text column; there is no header, and the first"
                        + " row has columns 0 to 0; name it with --text-column; where another character separates the"
                        + " columns, --delimiter names it",
                "a.xlsx  | x                        | : unknown format; .tsv, .csv and .jsonl are read, also with .gz",
                "gz      | x                        | : unknown format",
            })
    void saysWhatIsWrongAndWhere(String name, String content, String message) throws IOException {
        String written = content.replace('⏎', '\n').replace('→', '\t');
        Path file = write(name, name.contains("json") ? written.replace('\'', '"') : written);

        assertThat(failure(file, ReadOptions.DEFAULTS, null)).startsWith(file + message);
    }

    /** The file of a collection of text messages as it is often passed on. */
    @Test
    void namesOfColumnsThatWereNumbered() throws IOException {
        Path file = write("spam.csv", "v1,v2,,,\nham,\"Go, now\",,,\nspam,Win !,,,\nham,fine,,,\nspam,cash,,,\n");
        ReadOptions numbers = new ReadOptions("1", null, "0");

        assertThat(failure(file, numbers, null))
                .isEqualTo(
                        file + ", line 1: the label \"v1\" is no other row's; if this row names the columns, give these"
                                + " names: --text-column \"v2\" --label-column \"v1\"; if it is an example, name all labels with"
                                + " --label-names");
        assertThat(failure(file, numbers, new Labels(List.of("ham", "spam")))).contains("\"v1\" is no other row's");
        assertThat(DatasetReader.read(file, new ReadOptions("v2", null, "v1"), null)
                        .labels()
                        .names())
                .containsExactly("ham", "spam");
        assertThat(DatasetReader.read(file, numbers, new Labels(List.of("v1", "ham", "spam")))
                        .size())
                .isEqualTo(5);
    }

    /** Jackson's own words end with a reference to where it read from. */
    @Test
    void jacksonsReferencesAreLeftOut() throws IOException {
        Path file = write("a.jsonl", "{\"text\": \"x\", \"label\": 0, ");

        assertThat(failure(file, ReadOptions.DEFAULTS, null)).doesNotContain("Source", "Feature", "start marker");
        assertThat(failure(write("b.jsonl", "{\"text\":\"x\"} {}"), ReadOptions.DEFAULTS, null))
                .doesNotContain("Source", "FAIL_ON");
    }

    @Test
    void whatIsSaidOfTablesIsForTables() throws IOException {
        Path file = write("a.jsonl", "{\"text\":\"x\",\"label\":0}");

        assertThat(failure(file, new ReadOptions(null, null, null, ';', false), null))
                .isEqualTo(file + ": --delimiter is for .csv and .tsv");
        assertThat(failure(file, new ReadOptions(null, null, null, null, true), null))
                .isEqualTo(file + ": --quoting is for .csv and .tsv");
    }

    @Test
    void aByteOrderMarkIsNotPrintedBack() throws IOException {
        Path file = write("a.tsv", "text\tlabel\nx\tyes\ny\t\uFEFFno\n");

        assertThat(failure(file, ReadOptions.DEFAULTS, new Labels(List.of("no", "yes"))))
                .doesNotContain("\uFEFF")
                .startsWith(file + ", line 3: the label \"?no\"");
    }

    @Test
    void aLabelThatTheModelDoesNotKnow() throws IOException {
        Labels known = new Labels(List.of("no", "yes"));
        Path named = write("a.tsv", "text\tlabel\nx\tyes\ny\tmaybe\n");
        Path numbered = write("b.tsv", "text\tlabel\nx\t2\n");

        assertThat(failure(named, ReadOptions.DEFAULTS, known))
                .isEqualTo(named + ", line 3: the label \"maybe\" is not one of no, yes");
        assertThat(failure(numbered, ReadOptions.DEFAULTS, known))
                .isEqualTo(numbered + ", line 2: the label \"2\" is not one of no, yes");
    }

    @Test
    void namesAndNumbersInOneFile() throws IOException {
        Path mixed = write("a.tsv", "text\tlabel\nx\tyes\ny\t1\nz\tno\n");
        Path stars = write("b.tsv", "text\tlabel\nx\t3\ny\t0\n");

        assertThat(failure(mixed, ReadOptions.DEFAULTS, new Labels(List.of("no", "yes"))))
                .isEqualTo(mixed + ", line 3: the label \"1\" is not one of no, yes");
        assertThat(failure(stars, ReadOptions.DEFAULTS, new Labels(List.of("1", "2", "3"))))
                .isEqualTo(stars + ", line 3: the label \"0\" is not one of 1, 2, 3");
        assertThat(failure(stars, ReadOptions.DEFAULTS, new Labels(List.of("1", "2", "3"), true)))
                .isEqualTo(stars
                        + ", line 2: the label \"3\" is not one of 0 to 2, which the training set has for 1, 2, 3");
    }

    @Test
    void aColumnThatIsNotThere() throws IOException {
        Path file = write("a.tsv", "text\tlabel\nx\t0\n");

        assertThat(failure(file, new ReadOptions("title", null, null), null))
                .isEqualTo(file + ": --text-column title is not there; the columns are text, label");
        assertThat(failure(file, new ReadOptions(null, "2", null), null)).contains("--pair-column 2 is not there");
        assertThat(failure(file, new ReadOptions(null, null, "y"), null)).contains("--label-column y is not there");
    }

    @Test
    void invalidUtf8IsFoundInEveryFormat() throws IOException {
        for (String name : List.of("a.tsv", "a.csv", "a.jsonl")) {
            String row = name.endsWith("jsonl") ? "{\"text\":\"x\",\"label\":0}\n" : "text,label\n".replace(',', '\t');
            byte[] first = (name.endsWith("csv") ? "text,label\n" : row).getBytes(StandardCharsets.UTF_8);
            byte[] bytes = Arrays.copyOf(first, first.length + 3);
            bytes[first.length] = (byte) 0xe9;
            bytes[first.length + 1] = 'x';
            bytes[first.length + 2] = '\n';
            Path file = Files.write(folder.resolve(name), bytes);

            assertThat(failure(file, ReadOptions.DEFAULTS, null)).isEqualTo(file + ", line 2: no valid UTF-8");
        }
    }

    @Test
    void brokenGzip() throws IOException {
        Path plain = write("a.tsv.gz", "text\tlabel\nx\t0\n");
        assertThat(failure(plain, ReadOptions.DEFAULTS, null)).startsWith(plain + ": no valid gzip file: ");
        for (String format : List.of("csv", "tsv")) {
            String rows = "text,label\n" + "x,0\n".repeat(1000);
            byte[] packed = gzip(format.equals("csv") ? rows : rows.replace(',', '\t'));
            byte[] half = Arrays.copyOf(packed, packed.length - 12);
            Path cut = Files.write(folder.resolve("cut." + format + ".gz"), half);
            assertThat(failure(cut, ReadOptions.DEFAULTS, null)).isEqualTo(cut + ": the gzip file is cut off");
        }
    }

    @Test
    void aGzipBombIsNotUnpacked() throws IOException {
        Path file = Files.write(folder.resolve("a.tsv.gz"), gzip((" ".repeat(1023) + "\n").repeat(5 << 10)));

        assertThat(failure(file, ReadOptions.DEFAULTS, null)).startsWith(file + ": more than 4 MiB of text; split it");
    }

    @Test
    void aLineWithoutEnd() throws IOException {
        Path file = write("a.tsv", "text\tlabel\n" + "x".repeat(Utf8Lines.MAX_LINE + 1));

        assertThat(failure(file, ReadOptions.DEFAULTS, null)).isEqualTo(file + ", line 2: longer than 16 MiB");
    }

    @Test
    void noFile() throws IOException {
        Path missing = folder.resolve("missing.tsv");
        Path subfolder = Files.createDirectory(folder.resolve("folder.tsv"));

        assertThat(failure(missing, ReadOptions.DEFAULTS, null)).isEqualTo(missing + ": no such file");
        assertThat(failure(subfolder, ReadOptions.DEFAULTS, null)).isEqualTo(subfolder + ": a folder, not a data file");
    }

    @Test
    void everyMessageIsOneLine() throws IOException {
        Path file = write("a.jsonl", "{\"text\": \"x\ny\"}");

        assertThatThrownBy(() -> DatasetReader.read(file, ReadOptions.DEFAULTS, null))
                .isInstanceOf(OrtuneException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .hasLineCount(1);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static String failure(Path file, ReadOptions options, Labels known) {
        return catchThrowableOfType(OrtuneException.class, () -> DatasetReader.read(file, options, known))
                .getMessage();
    }
}
