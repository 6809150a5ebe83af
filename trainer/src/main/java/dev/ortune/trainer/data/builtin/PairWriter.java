package dev.ortune.trainer.data.builtin;

import dev.ortune.trainer.data.Mt19937;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the line of a {@link Template} into a minimal pair, drawing words and free choices. */
final class PairWriter {
    private static final Pattern CHOICE = Pattern.compile("\\(([^()]*)\\)");
    private static final Pattern CONTRAST = Pattern.compile("\\[([^|\\]]*)\\|([^|\\]]*)]");
    private static final Pattern SLOT = Pattern.compile("\\{([a-z]+)(\\d?)(?:\\.([a-z]+))?}");
    private static final Pattern ARTICLE_BEFORE_VOWEL = Pattern.compile("\\ba (?=[aeiou]|honest)");

    private final Lexicon lexicon;
    private final Mt19937 random;

    PairWriter(Lexicon lexicon, Mt19937 random) {
        this.lexicon = lexicon;
        this.random = random;
    }

    MinimalPair write(String line) {
        String chosen =
                CHOICE.matcher(line).replaceAll(m -> pick(List.of(m.group(1).split("\\|", -1))));
        Map<String, Lexeme> drawn = new HashMap<>();
        String acceptable = fill(CONTRAST.matcher(chosen).replaceAll("$1"), drawn);
        String unacceptable = fill(CONTRAST.matcher(chosen).replaceAll("$2"), drawn);
        return new MinimalPair(acceptable, unacceptable);
    }

    private String fill(String text, Map<String, Lexeme> drawn) {
        String words = SLOT.matcher(text).replaceAll(slot -> word(slot.group(1), slot.group(2), slot.group(3), drawn));
        String spaced = words.strip().replaceAll("\\s+", " ");
        Matcher article = ARTICLE_BEFORE_VOWEL.matcher(spaced);
        return article.replaceAll("an ");
    }

    private String word(String wordClass, String number, String form, Map<String, Lexeme> drawn) {
        String key = wordClass + number;
        Lexeme lexeme = draw(key, wordClass, drawn);
        if (form == null) {
            return lexeme.form("");
        }
        if (form.equals("object") || form.equals("objects")) {
            return draw(key + ".object", lexeme.object(), drawn).form(form.equals("object") ? "" : "pl");
        }
        return lexeme.form(form);
    }

    /** The word for a key, drawn at first use, different from all others of the sentence. */
    private Lexeme draw(String key, String wordClass, Map<String, Lexeme> drawn) {
        Lexeme word = drawn.get(key);
        while (word == null) {
            Lexeme candidate = pick(lexicon.of(wordClass));
            boolean taken = drawn.values().stream().anyMatch(d -> d.base().equals(candidate.base()));
            word = taken ? null : candidate;
        }
        drawn.put(key, word);
        return word;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size() - 1));
    }
}
