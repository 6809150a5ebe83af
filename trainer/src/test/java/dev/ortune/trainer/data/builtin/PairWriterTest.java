package dev.ortune.trainer.data.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.data.Mt19937;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PairWriterTest {
    private static final Lexicon LEXICON = new Lexicon();

    private final PairWriter writer = new PairWriter(LEXICON, new Mt19937(1));

    @Test
    void theSidesOfAContrastMakeThePair() {
        MinimalPair pair = writer.write("we [do not|no] go [now|] .");

        assertThat(pair).isEqualTo(new MinimalPair("we do not go now .", "we no go ."));
    }

    @Test
    void aSlotIsTheSameWordThroughoutTheLine() {
        for (int i = 0; i < 50; i++) {
            MinimalPair pair = writer.write("{toverb} [{toverb.s}|{toverb.ing}]");
            List<String> words = words(pair.acceptable());

            assertThat(words.get(1)).isEqualTo(Lexeme.verb(words.get(0)).form("s"));
            assertThat(words(pair.unacceptable())).first().isEqualTo(words.get(0));
        }
    }

    @Test
    void numberedSlotsAreDifferentWords() {
        for (int i = 0; i < 200; i++) {
            assertThat(words(writer.write("{boy} {boy2} {person}").acceptable()))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void choicesAreTheSameOnBothSides() {
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            MinimalPair pair = writer.write("(he|she|) [is|are] here");
            seen.add(pair.acceptable());

            assertThat(pair.unacceptable()).isEqualTo(pair.acceptable().replace("is", "are"));
        }
        assertThat(seen).containsExactly("he is here", "is here", "she is here");
    }

    @Test
    void anObjectSuitsItsVerb() {
        for (int i = 0; i < 50; i++) {
            List<String> words =
                    words(writer.write("{irr} {irr.object} {irr.objects}").acceptable());

            assertThat(words.get(2)).isEqualTo(plural(words.get(1)));
            if (words.get(0).equals("eat")) {
                assertThat(LEXICON.of("food")).extracting(Lexeme::base).contains(words.get(1));
            }
        }
    }

    @Test
    void theArticleFollowsTheNextWord() {
        assertThat(writer.write("a [apple|pear] and a egg ."))
                .isEqualTo(new MinimalPair("an apple and an egg .", "a pear and an egg ."));
    }

    @Test
    void refusesAnUnknownWordClass() {
        assertThatThrownBy(() -> writer.write("the {persn} ."))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no word class persn");
    }

    private static List<String> words(String sentence) {
        return List.of(sentence.split(" ", -1));
    }

    private static String plural(String noun) {
        return Stream.of("thing", "clothes", "document", "food", "vehicle", "animal")
                .flatMap(name -> LEXICON.of(name).stream())
                .filter(word -> word.base().equals(noun))
                .findFirst()
                .orElseThrow()
                .form("pl");
    }
}
