package dev.ortune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelNoticesTest {
    @Test
    void usualSetsNeedNone() {
        Dataset set = set("a.tsv", 2, 0, 0, 1, 1);
        assertThat(LabelNotices.of(set, set, set)).isEmpty();
        assertThat(LabelNotices.of(set, null, null)).isEmpty();
    }

    @Test
    void aColumnThatIsHardlyOneOfLabels() {
        int[] ids = IntStream.range(0, 30).map(row -> row / 2).toArray();
        assertThat(LabelNotices.of(set("a.tsv", 15, ids), null, null))
                .containsExactly("15 labels for 30 rows of a.tsv: is it the column of labels?");
    }

    @Test
    void labelsOfASingleRowOrOfOneSetAlone() {
        Dataset train = set(
                "train.tsv",
                3,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                1);
        Dataset test = set("test.tsv", 3, 0, 2, 2);
        assertThat(LabelNotices.of(train, null, test))
                .containsExactly(
                        "train.tsv has a single row with label1",
                        "train.tsv has none of the labels of test.tsv: label2",
                        "test.tsv has none of the labels of train.tsv: label1");
    }

    @Test
    void ofWordsEachCounts() {
        Example sentence = new Example("a b", null, new Target.WordLabels(List.of("a", "b"), new int[] {0, 1}), "", 1);
        Labels labels = new Labels(List.of("O", "B-X"));
        assertThat(LabelNotices.of(new Dataset("a.conll", List.of(sentence), labels), null, null))
                .containsExactly("a.conll has a single word with O, B-X");
    }

    /** With targets of 0 to 100 a loss of thousands hardly moved in an epoch, in transformers as well. */
    @Test
    void numbersFarFromWhereAHeadBegins() {
        assertThat(LabelNotices.of(numbers("a.tsv", 30, 40, 50), null, null))
                .containsExactly("the numbers of a.tsv are of the size of 40.82, and a fresh head begins at about 0:"
                        + " it learns them in fewer steps when they are divided by that");
        assertThat(LabelNotices.of(numbers("sts-b.tsv", 0, 2.6f, 5), null, null))
                .isEmpty();
    }

    private static Dataset numbers(String name, float... values) {
        List<Example> examples = new ArrayList<>();
        for (float value : values) {
            examples.add(new Example("x", null, new Target.NumberLabel(value), "", examples.size() + 1));
        }
        return new Dataset(name, examples, Labels.numbered(1));
    }

    /** A file that is sorted by label; the rows that are drawn keep their order. */
    @Test
    void aSampleIsOfAllLabels() {
        Dataset sorted =
                set("a.tsv", 2, IntStream.range(0, 1000).map(row -> row / 500).toArray());
        Dataset sample = sorted.sample(100, 2018);
        assertThat(sample.size()).isEqualTo(100);
        assertThat(sample.examples()).extracting(Example::line).isSorted();
        assertThat(sample.examples().stream()
                        .filter(example -> example.label() == 1)
                        .count())
                .isBetween(35L, 65L);
        assertThat(sorted.sample(100, 2018)).isEqualTo(sample);
        assertThat(sorted.sample(100, 1)).isNotEqualTo(sample);
        assertThat(sorted.sample(1000, 1)).isSameAs(sorted);
    }

    private static Dataset set(String name, int labels, int... ids) {
        List<Example> examples = new ArrayList<>();
        for (int row = 0; row < ids.length; row++) {
            examples.add(new Example("x", null, ids[row], "", row + 1));
        }
        List<String> names =
                IntStream.range(0, labels).mapToObj(id -> "label" + id).toList();
        return new Dataset(name, examples, new Labels(names));
    }
}
