package dev.ortune.exporter.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceRowsTest {
    @TempDir
    private Path folder;

    /** The trainer has the same rules. */
    @Test
    void columnsAndRightOnesAreThoseOfTheVectors() throws IOException {
        JsonNode sets =
                new ObjectMapper().readTree(Path.of("../vectors/choices.json").toFile());
        assertThat(sets).hasSizeGreaterThan(5);
        for (JsonNode set : sets) {
            List<LabelledText> expected = set.path("examples")
                    .valueStream()
                    .map(example -> new LabelledText(
                            example.path("text").textValue(),
                            example.path("pair").textValue(),
                            example.path("right").asInt(),
                            example.path("choices")
                                    .valueStream()
                                    .map(JsonNode::textValue)
                                    .toList()))
                    .toList();
            assertThat(read(set.path("file").textValue(), set.path("content").textValue()))
                    .as(set.path("file").textValue())
                    .isEqualTo(expected);
        }
    }

    @Test
    void theRightOneMayBeMissing() throws IOException {
        assertThat(read("a.csv", "sent1,ending0,ending1\na,b,c\n"))
                .containsExactly(new LabelledText("a", null, -1, List.of("b", "c")));
        assertThat(read("b.jsonl", "{\"question\": \"a\", \"choices\": [\"b\", \"c\"], \"label\": -1}"))
                .containsExactly(new LabelledText("a", null, -1, List.of("b", "c")));
        assertThat(read("c.csv", "sent1,sent2,ending0,ending1,label\na,b,c,d,\n")
                        .get(0)
                        .sequences())
                .containsExactly(new LabelledText("a", "b c", -1), new LabelledText("a", "b d", -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.csv   | sent1,ending0,ending1,label⏎a,b,c,2 | line 2: the right choice is 2, but there are 2, counted from 0",
                "a.csv   | sent1,ending0,ending1,label⏎a,,c,1  | line 2: choice 0 is empty, but not those behind it",
                "a.csv   | sent1,ending0,ending1,label⏎a,b,,0  | line 2: a single choice; there must be from 2 to 1000",
                "a.csv   | sent1,ending0,ending1⏎a,b           | line 2: 2 columns where the first line has 3",
                "a.csv   | text,label⏎a,b                      | cannot tell the choices; they are a list called choices",
                "a.csv   | first,ending0,ending1⏎a,b,c         | cannot tell the text column; the columns are first, ending0, ending1",
                "a.jsonl | {'question':'a','choices':['b',[]]} | line 1: choice 1, counted from 0, is no text",
                "a.jsonl | {'question':'a','choices':'b'}      | line 1: no choice; there must be from 2 to 1000",
                "a.jsonl | {'question':'a','choices':['b','c'],'label':'x y'} | line 1: \"x y\" is none of the 2 choices",
                "a.txt   | a                                   | holds no choices; .tsv, .csv and .jsonl do, also with .gz",
            })
    void saysWhatIsWrongAndWhere(String name, String content, String message) {
        String text = content.replace('⏎', '\n').replace('\'', '"');
        assertThatThrownBy(() -> read(name, text))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(folder.resolve(name) + ": " + message);
    }

    private List<LabelledText> read(String name, String content) throws IOException {
        return LabelledFile.readChoices(Files.writeString(folder.resolve(name), content), DataColumns.FOUND, 1000);
    }
}
