package dev.ortune.trainer.data.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LexiconTest {
    private final Lexicon lexicon = new Lexicon();

    /** Else "he put the box" would be acceptable where "he puts the box" is meant. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "vi", "strict", "happen", "act", "motion", "vt", "irr", "needy", "help", "refl", "dat", "send",
                "explain", "like", "toverb", "ingverb"
            })
    void noVerbLooksTheSameInPresentAndPast(String verbs) {
        assertThat(lexicon.of(verbs))
                .noneMatch(v -> v.base().equals(v.form("past")) || v.base().equals(v.form("part")));
    }

    @Test
    void irregularVerbsTellPastFromParticiple() {
        assertThat(lexicon.of("irr")).noneMatch(v -> v.form("past").equals(v.form("part")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"person", "place", "name", "animal", "thing", "document", "food", "vt", "adj", "short"})
    void noClassHoldsAWordTwice(String name) {
        assertThat(lexicon.of(name)).extracting(Lexeme::base).doesNotHaveDuplicates();
    }
}
