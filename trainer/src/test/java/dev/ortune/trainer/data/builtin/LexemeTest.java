package dev.ortune.trainer.data.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LexemeTest {
    @ParameterizedTest
    @CsvSource({
        "carry:thing, carry, carries, carried, carried, carrying",
        "chase, chase, chases, chased, chased, chasing",
        "drop*, drop, drops, dropped, dropped, dropping",
        "wash, wash, washes, washed, washed, washing",
        "study, study, studies, studied, studied, studying",
        "go/went/gone, go, goes, went, gone, going",
        "see/saw/seen:animal, see, sees, saw, seen, seeing",
        "forget*/forgot/forgotten, forget, forgets, forgot, forgotten, forgetting",
        "sleep/slept, sleep, sleeps, slept, slept, sleeping",
    })
    void inflectsVerbs(String entry, String base, String third, String past, String participle, String ing) {
        Lexeme verb = Lexeme.verb(entry);

        assertThat(verb.base()).isEqualTo(base);
        assertThat(verb.form("s")).isEqualTo(third);
        assertThat(verb.form("past")).isEqualTo(past);
        assertThat(verb.form("part")).isEqualTo(participle);
        assertThat(verb.form("ing")).isEqualTo(ing);
    }

    @ParameterizedTest
    @CsvSource({
        "box, boxes",
        "lady, ladies",
        "boy, boys",
        "potato, potatoes",
        "bench, benches",
        "child/children, children"
    })
    void makesPlurals(String entry, String plural) {
        assertThat(Lexeme.noun(entry).form("pl")).isEqualTo(plural);
    }

    @ParameterizedTest
    @CsvSource({"tall, taller, tallest", "nice, nicer, nicest", "happy, happier, happiest"})
    void compares(String base, String comparative, String superlative) {
        assertThat(Lexeme.adjective(base).form("er")).isEqualTo(comparative);
        assertThat(Lexeme.adjective(base).form("est")).isEqualTo(superlative);
    }

    @Test
    void refusesAFormThatTheWordDoesNotHave() {
        assertThatThrownBy(() -> Lexeme.noun("box").form("past"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"box\" has no form past");
    }
}
