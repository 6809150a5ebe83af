package dev.ortune.predictor.interpret;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A word of a text.
 *
 * @param start where it begins, in UTF-16 units, as Java and JavaScript count
 * @param end one past its last
 */
public record Word(String text, int start, int end) {
    /** The words of a text by Unicode's rules (UAX 29); blanks and punctuation are none. */
    public static List<Word> of(String text) {
        BreakIterator boundaries = BreakIterator.getWordInstance(Locale.ROOT);
        boundaries.setText(text);
        List<Word> words = new ArrayList<>();
        int start = boundaries.first();
        for (int end = boundaries.next(); end != BreakIterator.DONE; end = boundaries.next()) {
            String part = text.substring(start, end);
            if (part.codePoints()
                    .anyMatch(point ->
                            Character.isLetterOrDigit(point) || Character.getType(point) == Character.OTHER_SYMBOL)) {
                words.add(new Word(part, start, end));
            }
            start = end;
        }
        return words;
    }
}
