package dev.ortune.trainer.text;

import dev.ortune.trainer.OrtuneException;

/**
 * Cuts what is too long the way Hugging Face's tokenizers do.
 *
 * @param maxLength tokens that stay at most, special ones included
 * @param left whether the first tokens of a text go, not its last
 * @param strategy which text of a pair loses them
 */
record Truncation(int maxLength, boolean left, TruncationStrategy strategy) {
    /** The longer text first. */
    Truncation(int maxLength, boolean left) {
        this(maxLength, left, TruncationStrategy.LONGEST_FIRST);
    }

    /**
     * Cuts from the ends of the texts, or from their beginnings, never the special tokens. Of a pair by {@code longest_first}
     * the longer text loses tokens until both are equally long, then both do; an odd token is left to the longer one, and to the second where
     * neither is. Which one is longer Hugging Face's library does not quite know, since it makes no tokens of a text after the
     * word with which that reaches the maximum.
     *
     * @param ids token ids, {@code [length]}
     * @param typeIds segments, {@code [length]}
     * @param sequences which text each token is of, 0 or 1; negative for special tokens, {@code [length]}
     * @param words the word each token is a piece of, {@code [length]}; null where each is one
     * @return with the words, if there are any
     * @throws OrtuneException when one text alone is to lose tokens and nothing of it would stay
     */
    Encoding cut(long[] ids, long[] typeIds, long[] sequences, long[] words) {
        int excess = Math.max(0, ids.length - maxLength);
        int[] counts = {count(sequences, 0), count(sequences, 1)};
        int[] room = excess == 0 || counts[1] == 0 || strategy == TruncationStrategy.LONGEST_FIRST
                ? room(counts, excess, made(sequences, words, 0), made(sequences, words, 1))
                : roomOfOne(counts, excess);
        int[] skipped = left ? new int[] {counts[0] - room[0], counts[1] - room[1]} : new int[2];
        int[] keptIds = new int[ids.length - excess];
        int[] keptTypes = new int[ids.length - excess];
        int[] keptWords = words == null ? null : new int[ids.length - excess];
        int length = 0;
        for (int i = 0; i < ids.length; i++) {
            if (sequences[i] < 0 || (skipped[(int) sequences[i]]-- <= 0 && room[(int) sequences[i]]-- > 0)) {
                keptIds[length] = Math.toIntExact(ids[i]);
                if (words != null) {
                    keptWords[length] = sequences[i] < 0 ? Encoding.NO_WORD : Math.toIntExact(words[i]);
                }
                keptTypes[length++] = Math.toIntExact(typeIds[i]);
            }
        }
        return new Encoding(keptIds, keptTypes, keptWords, excess);
    }

    /**
     * How many tokens of the first and the second text stay.
     *
     * @param counts tokens of each
     * @param first tokens of the first that the library makes
     * @param second those of the second
     */
    private static int[] room(int[] counts, int excess, int first, int second) {
        int left = counts[0] + counts[1] - excess;
        int keptShorter = Math.min(Math.min(first, second), left / 2);
        int keptLonger = left - keptShorter;
        return first > second ? new int[] {keptLonger, keptShorter} : new int[] {keptShorter, keptLonger};
    }

    /** The same where one text alone loses tokens; something of it must stay, as in Hugging Face's library. */
    private int[] roomOfOne(int[] counts, int excess) {
        boolean first = strategy == TruncationStrategy.ONLY_FIRST;
        int stays = counts[first ? 0 : 1] - excess;
        if (stays <= 0) {
            throw new OrtuneException("a pair cannot be cut to " + maxLength + " tokens by " + strategy + ": its "
                    + (first ? "second" : "first") + " text has " + counts[first ? 1 : 0] + " by itself");
        }
        return first ? new int[] {stays, counts[1]} : new int[] {counts[0], stays};
    }

    /** Tokens of a text up to the end of the word with which they reach the maximum, from the side that is kept. */
    private int made(long[] sequences, long[] words, int sequence) {
        int made = 0;
        int last = -1;
        for (int step = 0; step < sequences.length; step++) {
            int i = left ? sequences.length - 1 - step : step;
            if (sequences[i] == sequence) {
                boolean begins = last < 0 || words == null || words[i] != words[last];
                if (begins && made >= maxLength) {
                    return made;
                }
                made++;
                last = i;
            }
        }
        return made;
    }

    private static int count(long[] sequences, int sequence) {
        int count = 0;
        for (long each : sequences) {
            if (each == sequence) {
                count++;
            }
        }
        return count;
    }
}
