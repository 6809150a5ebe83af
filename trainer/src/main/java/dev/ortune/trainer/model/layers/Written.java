package dev.ortune.trainer.model.layers;

import dev.ortune.trainer.graph.Value;
import java.util.List;

/** What a decoder is made to write, so that its states tell how likely each token of it was. */
public sealed interface Written {
    /**
     * A text each.
     *
     * @param tokens int64 {@code [batch, places]}, below 0 behind a text's end
     */
    record Texts(Value tokens) implements Written {}

    /**
     * A text each, as the decoder reads it: one place later than {@link Texts}.
     *
     * @param tokens int64 {@code [batch, places]}, whatever behind a text's end
     */
    record Begun(Value tokens) implements Written {}

    /**
     * The same words for each, side by side: no word sees another one.
     *
     * @param words the tokens of each, its end included; one at least
     */
    record Words(List<List<Integer>> words) implements Written {
        public Words {
            words = words.stream().map(List::copyOf).toList();
            if (words.isEmpty() || words.stream().anyMatch(List::isEmpty)) {
                throw new IllegalArgumentException("a word without tokens");
            }
        }

        /** Tokens of all words. */
        public int places() {
            return words.stream().mapToInt(List::size).sum();
        }
    }
}
