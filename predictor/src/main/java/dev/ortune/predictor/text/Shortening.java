package dev.ortune.predictor.text;

import ai.djl.huggingface.tokenizers.Encoding;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Leaves out tokens of a text that is too long, as Hugging Face's tokenizers do; special ones stay. */
final class Shortening {
    private Shortening() {}

    /**
     * The text with as many tokens as there is room for.
     *
     * @param whole its tokens
     * @param encoding the same, with what is special and which part each belongs to
     * @param most tokens, special ones included
     * @param strategy which of two parts loses them
     */
    static EncodedText of(
            EncodedText whole, Encoding encoding, int most, Truncation side, TruncationStrategy strategy) {
        long[] special = encoding.getSpecialTokenMask();
        long[] parts = encoding.getSequenceIds();
        int[] all = new int[2];
        for (int i = 0; i < special.length; i++) {
            if (special[i] == 0) {
                all[(int) parts[i]]++;
            }
        }
        int room = Math.max(0, most - (special.length - all[0] - all[1]));
        // Each part by itself is cut first, in Hugging Face's library 0.23, behind the word that makes it long enough:
        // which
        // of two long ones is the longer is told by their words' lengths there.
        int[] kept = all[1] == 0 || strategy == TruncationStrategy.LONGEST_FIRST
                ? kept(precut(encoding, 0, all[0], most, side), precut(encoding, 1, all[1], most, side), room)
                : keptOfOne(all, room, strategy == TruncationStrategy.ONLY_FIRST);
        int[] first = {0, 0};
        if (side == Truncation.LEFT) {
            first = new int[] {all[0] - kept[0], all[1] - kept[1]};
        }
        int[] seen = new int[2];
        int[] places = new int[special.length - all[0] - all[1] + kept[0] + kept[1]];
        int count = 0;
        for (int i = 0; i < special.length; i++) {
            int part = (int) parts[i];
            int at = special[i] == 0 ? seen[part]++ : -1;
            if (at < 0 || (at >= first[part] && at < first[part] + kept[part])) {
                places[count++] = i;
            }
        }
        return new EncodedText(
                picked(whole.ids(), places),
                picked(whole.typeIds(), places),
                whole.tokens().at(places));
    }

    /**
     * How many tokens stay when one part alone loses some, at least one of its own.
     *
     * @throws RequestException when the other part leaves no room for that
     */
    private static int[] keptOfOne(int[] all, int room, boolean first) {
        int stays = room - all[first ? 1 : 0];
        if (stays <= 0) {
            throw new RequestException(
                    ErrorType.VALIDATION,
                    "`inputs` cannot be cut: this model cuts the " + (first ? "first" : "second")
                            + " text of a pair alone, and the other has " + all[first ? 1 : 0] + " tokens by itself");
        }
        return first ? new int[] {stays, all[1]} : new int[] {all[0], stays};
    }

    /** Tokens of the words of a part, from the side that stays, that are needed for at least {@code most}. */
    private static int precut(Encoding encoding, int part, int all, int most, Truncation side) {
        if (all <= most) {
            return all;
        }
        long[] special = encoding.getSpecialTokenMask();
        long[] parts = encoding.getSequenceIds();
        long[] words = encoding.getWordIds();
        int[] places = IntStream.range(0, special.length)
                .filter(place -> special[place] == 0 && parts[place] == part)
                .toArray();
        int count = most;
        if (side == Truncation.LEFT) {
            while (count < all && words[places[all - count - 1]] == words[places[all - count]]) {
                count++;
            }
        } else {
            while (count < all && words[places[count]] == words[places[count - 1]]) {
                count++;
            }
        }
        return count;
    }

    /**
     * How many tokens of two parts stay when together they are more than {@code room}: the shorter one's all, unless both
     * are longer than half; then half each, and an odd one goes to the longer part, of equal ones to the second.
     *
     * @return {@code [2]}
     */
    static int[] kept(int first, int second, int room) {
        if (first + second <= room) {
            return new int[] {first, second};
        }
        int shorter = Math.min(Math.min(first, second), room / 2);
        int longer = room - shorter;
        return first > second ? new int[] {longer, shorter} : new int[] {shorter, longer};
    }

    private static long[] picked(long[] values, int[] places) {
        return Arrays.stream(places).mapToLong(place -> values[place]).toArray();
    }
}
