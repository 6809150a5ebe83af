package dev.ortune.trainer.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.text.Pieces;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
    private static final int MASK = 4;
    private static final int VOCABULARY = 1000;
    private static final int TOKENS = 1_000_000;

    /** Of a million tokens with every tenth a special one; bounds are five standard deviations. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void drawsAreAsTransformersMakesThem(boolean wholeWords) {
        int[] tokens = tokens();
        long[] ids = new long[TOKENS];
        long[] labels = new long[TOKENS];
        int drawn = masking(0.15, wholeWords).label(new SplittableRandom(7), tokens, ids, labels, 0);
        int hidden = 0;
        int same = 0;
        int counted = 0;
        for (int i = 0; i < TOKENS; i++) {
            int id = Pieces.id(tokens[i]);
            if (labels[i] == Targets.IGNORED) {
                assertThat(ids[i]).isEqualTo(id);
            } else {
                counted++;
                assertThat(id).as("special tokens are never drawn").isGreaterThan(MASK);
                assertThat(labels[i]).isEqualTo(id);
                hidden += ids[i] == MASK ? 1 : 0;
                same += ids[i] == id ? 1 : 0;
            }
        }
        assertThat(counted).isEqualTo(drawn);
        assertThat(drawn / 900_000.0).isCloseTo(0.15, within(wholeWords ? 0.004 : 0.002));
        assertThat((double) hidden / drawn).isCloseTo(0.8 + 0.1 / VOCABULARY, within(0.0055));
        assertThat((double) same / drawn).isCloseTo(0.1 + 0.1 / VOCABULARY, within(0.0042));
    }

    @Test
    void wordsAreDrawnAsAWhole() {
        int[] tokens = tokens();
        long[] ids = new long[TOKENS];
        long[] labels = new long[TOKENS];
        masking(0.15, true).label(new SplittableRandom(7), tokens, ids, labels, 0);
        int words = 0;
        for (int i = 1; i < TOKENS; i++) {
            if (Pieces.continues(tokens[i])) {
                assertThat(labels[i] == Targets.IGNORED).isEqualTo(labels[i - 1] == Targets.IGNORED);
                words++;
            }
        }
        assertThat(words).isGreaterThan(100_000);
    }

    @Test
    void whereAllAreDrawnNoneIsLeft() {
        long[] ids = new long[5];
        long[] labels = new long[5];
        int drawn = masking(1, false).label(new SplittableRandom(1), new int[] {2, 10, 11, 3}, ids, labels, 1);
        assertThat(drawn).isEqualTo(2);
        assertThat(labels).containsExactly(0, Targets.IGNORED, 10, 11, Targets.IGNORED);
    }

    @Test
    void aShareOfNothingIsRefused() {
        assertThatThrownBy(() -> masking(0, false))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("--mlm-probability must be above 0 and at most 1, not 0.0");
    }

    private static Masking masking(double probability, boolean wholeWords) {
        BitSet special = new BitSet();
        special.set(0, MASK + 1);
        return new Masking(probability, wholeWords, MASK, VOCABULARY, special);
    }

    /** Words of one to three tokens between special ones. */
    private static int[] tokens() {
        SplittableRandom random = new SplittableRandom(3);
        int[] tokens = new int[TOKENS];
        for (int i = 0; i < TOKENS; i++) {
            boolean special = i % 10 == 0;
            boolean continues = i % 10 > 1 && random.nextInt(3) == 0;
            tokens[i] = special ? 2 : MASK + 1 + random.nextInt(VOCABULARY - MASK - 1);
            tokens[i] |= continues ? Pieces.CONTINUES : 0;
        }
        return tokens;
    }
}
