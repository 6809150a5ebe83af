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

class QuestionReaderTest {
    private static final String SQUAD = """
            {"version": "v2.0",
             "data": [{"title": "Boats", "paragraphs": [{
               "context": "😀 Anna's ferry left at noon.",
               "qas": [
                 {"id": "a", "question": "When?", "is_impossible": false,
                  "answers": [{"text": "noon", "answer_start": 23}, {"text": "at noon", "answer_start": 20}]},
                 {"id": "b", "question": "Why?", "is_impossible": true, "answers": [],
                  "plausible_answers": [{"text": "noon", "answer_start": 23}]}]}]}]}
            """;
    private static final String FLAT = """
            {"id": "a", "title": "Boats", "context": "😀 Anna's ferry left at noon.", "question": "When?", \
            "answers": {"text": ["noon", "at noon"], "answer_start": [23, 20]}}

            {"id": "b", "title": "Boats", "context": "😀 Anna's ferry left at noon.", "question": "Why?", \
            "answers": {"text": [], "answer_start": []}}
            """;

    @TempDir
    private Path folder;

    @Test
    void bothFormsAreTheSame() throws IOException {
        Path squad = write("squad.json", SQUAD);
        Path flat = write("flat.jsonl", FLAT);
        Path list = write("list.json", "{\"data\": [" + FLAT.strip().replace("\n\n", ",") + "]}");
        for (Path file : List.of(squad, flat, list)) {
            assertThat(QuestionReader.reads(file)).as(file.toString()).isTrue();
            Dataset set = QuestionReader.read(file);
            assertThat(set.labels()).isEqualTo(Labels.NONE);
            assertThat(set.examples()).extracting(Example::text).containsExactly("When?", "Why?");
            assertThat(set.examples()).extracting(Example::pair).containsOnly("😀 Anna's ferry left at noon.");
            assertThat(set.examples()).extracting(Example::source).containsOnly("Boats");
            assertThat(set.examples().get(0).target())
                    .isEqualTo(new Target.Answers(
                            "a", List.of(new Target.Answer("noon", 23), new Target.Answer("at noon", 20))));
            assertThat(set.examples().get(1).target()).isEqualTo(new Target.Answers("b", List.of()));
        }
    }

    @Test
    void packedAndWithAMark() throws IOException {
        Path file = folder.resolve("squad.json.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(("\uFEFF" + SQUAD).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(QuestionReader.reads(file)).isTrue();
        assertThat(QuestionReader.read(file).size()).isEqualTo(2);
    }

    @Test
    void otherFilesAreNot() throws IOException {
        assertThat(QuestionReader.reads(write("a.jsonl", "{\"text\": \"a\", \"label\": 1}")))
                .isFalse();
        assertThat(QuestionReader.reads(write("b.jsonl", "{\"question\": \"a\", \"context\": \"b\", \"label\": 1}")))
                .isFalse();
        assertThat(QuestionReader.reads(write("c.json", "{\"data\": 1"))).isFalse();
        assertThat(QuestionReader.reads(write("d.tsv", SQUAD))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`23}, {`|`22}, {`|`line 2, question a: the answer \"noon\" does not stand at 22 of its context, counted in"
                        + " characters (code points), but \" noo\"`",
                "`23}, {`|`25}, {`|`question a: the answer \"noon\" does not stand at 25 of its context, counted in characters"
                        + " (code points), which ends before`",
                "`23}, {`|`\"x\"}, {`|`question a: an answer needs a text, and a whole number as its answer_start`",
                "`\"id\": \"b\"`|`\"id\": \"a\"`|`question a: this id occurs twice`",
                "`\"question\": \"Why?\"`|`\"question\": 1`|`question b: has no text called question`",
                "`\"context\": `|`\"text\": `|`question a: has no text called context`",
                "`true, \"answers\": [],`|`false,`|`question b: has no answers: a list of text and answer_start, or a list of"
                        + " each`",
                "`\"qas\"`|`\"questions\"`|`: holds no question`",
                "`{\"version\"`|`[{\"version\"`|`line 1: a JSON object is wanted: SQuAD's, or one a question`",
                "`noon.\"`|`noon.`|`line 3: malformed JSON`"
            })
    void whatIsWrongIsNamed(String part, String wrong, String message) throws IOException {
        assertThat(SQUAD).contains(part);
        Path file = write("squad.json", SQUAD.replace(part, wrong));
        assertThatThrownBy(() -> QuestionReader.read(file))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @Test
    void noUtf8() throws IOException {
        Path file = folder.resolve("squad.json");
        Files.write(file, SQUAD.replace("Anna", "\u00e9").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> QuestionReader.read(file)).hasMessage(file + ": no valid UTF-8");
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
