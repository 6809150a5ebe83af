package dev.ortune.trainer.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.corpus.SequenceFile.Sequence;
import dev.ortune.trainer.text.Pieces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs of documents whose tokens count up, a thousand numbers a document, so that each tells where it is from. */
class SentencePairsTest {
    private static final int BEGIN = 2;
    private static final int END = 3;
    private static final int DOCUMENTS = 400;
    private static final int LENGTH = 40;

    @TempDir
    private Path folder;

    @Test
    void halfFollowAndHalfAreFromAnotherDocument() {
        List<Sequence> pairs = pairs(documents(DOCUMENTS), 7);
        assertThat(pairs).hasSizeGreaterThan(2000);
        int random = 0;
        int full = 0;
        for (Sequence pair : pairs) {
            int[] tokens = pair.tokens();
            int middle = pair.second() - 1;
            assertThat(tokens[0]).isEqualTo(BEGIN);
            assertThat(tokens[middle]).isEqualTo(END);
            assertThat(tokens[tokens.length - 1]).isEqualTo(END);
            assertThat(tokens.length).isLessThanOrEqualTo(LENGTH);
            assertThat(middle).isGreaterThan(1);
            assertThat(pair.second()).isLessThan(tokens.length - 1);
            assertCountsUp(tokens, 1, middle);
            assertCountsUp(tokens, pair.second(), tokens.length - 1);
            int last = tokens[middle - 1];
            int next = tokens[pair.second()];
            if (pair.label() == 1) {
                assertThat(last / 1000).as("another document").isNotEqualTo(next / 1000);
                random++;
            } else {
                assertThat(next / 1000).isEqualTo(last / 1000);
                assertThat(next).as("what was cut off may lie between").isGreaterThan(last);
            }
            full += tokens.length == LENGTH ? 1 : 0;
        }
        // Of the last sentence of a document nothing follows, so more than half are random.
        assertThat((double) random / pairs.size()).isBetween(0.5, 0.66);
        assertThat((double) full / pairs.size())
                .as("but for short ones and ends")
                .isGreaterThan(0.6);
    }

    /** A document of many short sentences tells its target by its longest pair. */
    @Test
    void aTenthOfTheDocumentsHasShortPairs() {
        List<int[][]> documents = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            int[][] sentences = new int[120][];
            for (int j = 0; j < sentences.length; j++) {
                sentences[j] = new int[] {1000 * (i + 1) + j};
            }
            documents.add(sentences);
        }
        int[] longest = new int[documents.size() + 1];
        for (Sequence pair : pairs(documents, 3)) {
            int document = pair.tokens()[1] / 1000;
            longest[document] = Math.max(longest[document], pair.tokens().length);
        }
        double shorter = Arrays.stream(longest, 1, longest.length)
                .filter(length -> length < LENGTH)
                .count();
        // One random target in 36 is the full length after all.
        assertThat(shorter / documents.size()).isCloseTo(0.1 * 35 / 36, within(0.025));
    }

    @Test
    void aSeedGivesTheSamePairsAndAnotherOneOthers() {
        List<int[][]> documents = documents(20);
        assertThat(pairs(documents, 7)).usingRecursiveComparison().isEqualTo(pairs(documents, 7));
        assertThat(pairs(documents, 7).get(0).tokens())
                .isNotEqualTo(pairs(documents, 8).get(0).tokens());
    }

    @Test
    void oneDocumentHasNoOther() {
        assertThatThrownBy(() -> pairs(documents(1), 7))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("next sentences need two documents at least, with a blank line between");
        assertThat(folder)
                .isDirectoryNotContaining("glob:**.sentences*")
                .isDirectoryNotContaining("glob:**.documents*");
    }

    private static void assertCountsUp(int[] tokens, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            assertThat(tokens[i]).isEqualTo(tokens[i - 1] + 1);
        }
    }

    /** Of 20 to 60 sentences of 3 to 14 tokens. */
    private static List<int[][]> documents(int count) {
        SplittableRandom random = new SplittableRandom(1);
        List<int[][]> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int next = 1000 * (i + 1);
            int[][] sentences = new int[random.nextInt(20, 61)][];
            for (int j = 0; j < sentences.length; j++) {
                sentences[j] = count(next, random.nextInt(3, 15));
                next += sentences[j].length;
            }
            documents.add(sentences);
        }
        return documents;
    }

    private static int[] count(int from, int length) {
        int[] tokens = new int[length];
        Arrays.setAll(tokens, i -> from + i);
        return tokens;
    }

    private List<Sequence> pairs(List<int[][]> documents, long seed) {
        BitSet special = new BitSet();
        special.set(0, 5);
        Masking masking = new Masking(0.15, false, 4, 1 << 20, special);
        Path file = folder.resolve("pairs.tokens");
        try (SequenceFile.Writer writer = new SequenceFile.Writer(file)) {
            SentencePairs maker =
                    new SentencePairs(writer, masking, new SentencePairs.Pairs(LENGTH, BEGIN, END, seed), file);
            documents.forEach(document -> {
                for (int[] sentence : document) {
                    maker.paragraph(new Pieces(sentence, 0));
                }
                maker.endOfDocument();
            });
            SequenceFile made = maker.finish();
            List<Sequence> all = new ArrayList<>();
            for (int i = 0; i < made.counts().sequences(); i++) {
                all.add(made.read(i));
            }
            made.delete();
            return all;
        }
    }
}
