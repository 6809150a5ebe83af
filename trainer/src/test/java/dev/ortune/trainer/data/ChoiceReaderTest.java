package dev.ortune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChoiceReaderTest {
    /** As Hugging Face's datasets write it, with pandas' index in front. */
    private static final String SWAG = """
            ,video-id,fold-ind,startphrase,sent1,sent2,gold-source,ending0,ending1,ending2,ending3,label
            0,anet_1,1,"A man, old. He",A man,He,gold,"sits, then stands",runs,swims,flies,1
            1,anet_2,2,A cat. It,A cat,It,gen,sleeps,barks,,,0
            """;

    @TempDir
    private Path folder;

    @Test
    void swagIsReadWithItsColumns() throws IOException {
        Path file = write("swag.csv", SWAG);
        assertThat(ChoiceReader.reads(file, ReadOptions.DEFAULTS)).isTrue();
        Dataset set = ChoiceReader.read(file, ReadOptions.DEFAULTS);
        assertThat(set.labels()).isEqualTo(Labels.NONE);
        assertThat(set.examples()).extracting(Example::text).containsExactly("A man", "A cat");
        assertThat(set.examples()).extracting(Example::pair).containsExactly("He", "It");
        assertThat(set.examples()).extracting(Example::line).containsExactly(2L, 3L);
        assertThat(set.examples())
                .extracting(Example::target)
                .containsExactly(
                        new Target.Choices(List.of("sits, then stands", "runs", "swims", "flies"), 1),
                        new Target.Choices(List.of("sleeps", "barks"), 0));
    }

    /** The exporter has the same rules. */
    @Test
    void columnsAndRightOnesAreThoseOfTheVectors() throws IOException {
        JsonNode sets =
                new ObjectMapper().readTree(Path.of("../vectors/choices.json").toFile());
        assertThat(sets).hasSizeGreaterThan(5);
        for (JsonNode set : sets) {
            Path file = write(set.path("file").textValue(), set.path("content").textValue());
            assertThat(ChoiceReader.reads(file, ReadOptions.DEFAULTS))
                    .as(file.toString())
                    .isTrue();
            List<Example> examples =
                    ChoiceReader.read(file, ReadOptions.DEFAULTS).examples();
            assertThat(examples).hasSameSizeAs(set.path("examples"));
            for (int i = 0; i < examples.size(); i++) {
                JsonNode expected = set.path("examples").path(i);
                assertThat(examples.get(i).text())
                        .isEqualTo(expected.path("text").textValue());
                assertThat(examples.get(i).pair())
                        .isEqualTo(expected.path("pair").textValue());
                assertThat(examples.get(i).target())
                        .as(file.toString())
                        .isEqualTo(new Target.Choices(
                                expected.path("choices")
                                        .valueStream()
                                        .map(JsonNode::textValue)
                                        .toList(),
                                expected.path("right").asInt()));
            }
        }
    }

    /** Lists of texts, of objects, and the published forms of ARC and CommonsenseQA; also other columns. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"question\": \"q\", \"choices\": [\"a\", \"b\", \"c\"], \"label\": 2}",
                "{\"question\": \"q\", \"choices\": [\"a\", \"b\", \"c\"], \"label\": \"c\"}",
                "{\"question\": \"q\", \"choices\": [\"a\", \"b\", \"c\"], \"answerKey\": \"C\"}",
                "{\"question\": \"q\", \"choices\": {\"text\": [\"a\", \"b\", \"c\"], \"label\": [\"1\", \"2\", \"3\"]},"
                        + " \"answerKey\": \"3\"}",
                "{\"question\": \"q\", \"choices\": [{\"text\": \"a\", \"label\": \"A\"}, {\"text\": \"b\", \"label\":"
                        + " \"B\"}, {\"text\": \"c\", \"label\": \"C\"}], \"answerKey\": \"C\"}",
                "{\"question\": \"q\", \"choice1\": \"a\", \"choice2\": \"b\", \"choice3\": \"c\", \"label\": 2}",
                "{\"question\": \"q\", \"answerA\": \"a\", \"answerB\": \"b\", \"answerC\": \"c\", \"label\": \"2\"}"
            })
    void otherSetsAreRead(String line) throws IOException {
        Path file = write("set.jsonl", line);
        assertThat(ChoiceReader.reads(file, ReadOptions.DEFAULTS)).isTrue();
        Example only = ChoiceReader.read(file, ReadOptions.DEFAULTS).examples().get(0);
        assertThat(only.text()).isEqualTo("q");
        assertThat(only.pair()).isNull();
        assertThat(only.target()).isEqualTo(new Target.Choices(List.of("a", "b", "c"), 2));
    }

    @Test
    void aQuestionGoesOnBehindItsContext() throws IOException {
        Path file = write("set.jsonl", """
                {"context": "c", "question": "q", "choices": ["a", "b"], "label": 0}
                {"label": 2, "choices": ["x", "y", "z"], "question": "r", "context": "d"}
                """);
        Dataset set = ChoiceReader.read(file, ReadOptions.DEFAULTS);
        assertThat(set.examples()).extracting(Example::text).containsExactly("c", "d");
        assertThat(set.examples()).extracting(Example::pair).containsExactly("q", "r");
        Dataset other = ChoiceReader.read(file, new ReadOptions("question", null, null));
        assertThat(other.examples()).extracting(Example::text).containsExactly("q", "r");
        assertThat(other.examples()).extracting(Example::pair).containsOnlyNulls();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "[\"a\", \"b\"]|2|the right choice is 2, but there are 2, counted from 0",
                "[\"a\", \"b\"]|-1|the right choice is -1, but there are 2, counted from 0; one that is not known is for"
                        + " \"ortune predict\"",
                "[\"a\", \"b\"]|\"D\"|\"D\" is none of the 2 choices: neither a place, counted from 0, nor a letter",
                "[\"a\", \"b\"]|null|the right choice is missing",
                "[\"a\", \"b\"]|\"\"|the right choice is missing",
                "[\"a\", \"b\"]|[0]|\"label\" holds a JSON array, not one value",
                "[\"a\"]|0|a single choice; there must be from 2 to 1000",
                "[]|0|no choice; there must be from 2 to 1000",
                "\"a\"|0|the choices are no list; .jsonl has lists, other files a column a choice",
                "[\"a\", null]|0|choice 1, counted from 0, is no text",
                "[\"a\", [\"b\"]]|0|choice 1, counted from 0, is no text",
                "{\"text\": [\"a\", \"b\"], \"label\": [\"A\"]}|0|2 choices have 1 labels"
            })
    void rowsThatDoNotFitAreNamed(String choices, String label, String message) throws IOException {
        String good = "{\"question\": \"q\", \"choices\": [\"a\", \"b\"], \"label\": 0}\n";
        Path file = write(
                "set.jsonl", good + "{\"question\": \"q\", \"choices\": " + choices + ", \"label\": " + label + "}\n");
        assertThatThrownBy(() -> ChoiceReader.read(file, ReadOptions.DEFAULTS))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file + ", line 2: " + message);
    }

    @Test
    void columnsThatDoNotFitAreNamed() throws IOException {
        assertRefused(
                "sent1,sent2,ending0,ending1,label\na,b,,d,0\n",
                ", line 2: choice 0 is empty, but not those behind it; they are counted from 0");
        assertRefused("sent1,sent2,ending0,ending1,label\na,b,c\n", ", line 2: 3 columns where the first row has 5");
        assertRefused(
                "sent1,sent2,ending0,ending2,label\na,b,c,d,0\n",
                ": cannot tell the choices; they are a list called choices, endings or options, or columns called ending0,"
                        + " ending1, … or choice0, choice1, …; the columns are sent1, sent2, ending0, ending2, label");
        assertRefused(
                "sent1,sent2,ending0,ending1\na,b,c,d\n",
                ": cannot tell the label column; the columns are sent1, sent2, ending0, ending1; name it with"
                        + " --label-column; choices without a right one are for \"ortune predict\"");
        assertRefused("sent1,sent2,ending0,ending1,label\n", ": a header but no rows");
        assertRefused("", ": the file is empty");
        Path file = write("other.csv", "sent1,sent2,ending0,ending1,label\na,b,c,d,0\n");
        assertThatThrownBy(() -> ChoiceReader.read(file, new ReadOptions(null, null, "right")))
                .hasMessage(
                        file + ": --label-column right is not there; the columns are sent1, sent2, ending0, ending1,"
                                + " label");
    }

    private void assertRefused(String content, String message) throws IOException {
        Path file = write("bad.csv", content);
        assertThatThrownBy(() -> ChoiceReader.read(file, ReadOptions.DEFAULTS))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(file + message);
    }

    @Test
    void otherFilesAreNotTaken() throws IOException {
        assertThat(ChoiceReader.reads(write("a.csv", "text,label\nb,1\n"), ReadOptions.DEFAULTS))
                .isFalse();
        assertThat(ChoiceReader.reads(write("a.conll", "choices O\n"), ReadOptions.DEFAULTS))
                .isFalse();
        String squad = "{\"context\": \"a\", \"question\": \"b\", \"answers\": {\"text\": [], \"answer_start\": []}}";
        assertThat(ChoiceReader.reads(write("a.jsonl", squad), ReadOptions.DEFAULTS))
                .isFalse();
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
