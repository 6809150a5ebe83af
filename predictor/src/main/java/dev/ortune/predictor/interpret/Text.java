package dev.ortune.predictor.interpret;

import java.util.BitSet;
import java.util.List;

/**
 * A text, and those of its words that a model reads.
 *
 * @param whole the text
 * @param end where the model stops reading, in UTF-16 units
 * @param words all of the text's
 */
public record Text(String whole, int end, List<Word> words) {
    /** The words that are read are the first so many. */
    public int read() {
        return (int) words.stream().filter(word -> word.start() < end).count();
    }

    /** What is read of the text when of its words only those of a set are there. */
    public String only(BitSet set) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int word = 0; word < read(); word++) {
            if (!set.get(word)) {
                text.append(whole, from, words.get(word).start());
                from = Math.min(end, words.get(word).end());
            }
        }
        return text.append(whole, from, end).toString();
    }
}
