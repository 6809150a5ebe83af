package dev.ortune.trainer.text;

/** Cuts what is too long the way Hugging Face's {@code longest_first} does. */
final class Truncation {
    private Truncation() {}

    /**
     * Cuts from the ends of the texts, or from their beginnings, never the special tokens. Of a pair the longer text loses tokens until both are
     * equally long, then both do; an odd token is left to the longer one, and to the second where neither is. Hugging Face's
     * library cuts each text to the maximum by itself before: of two that reach it neither is the longer.
     *
     * @param ids token ids, {@code [length]}
     * @param typeIds segments, {@code [length]}
     * @param sequences which text each token is of, 0 or 1; negative for special tokens, {@code [length]}
     * @param words the word each token is a piece of, negative for special tokens, {@code [length]}; null where the text did
     *     not come as words
     * @param left whether the first tokens of a text go, not its last
     */
    static Encoding longestFirst(
            long[] ids, long[] typeIds, long[] sequences, long[] words, int maxLength, boolean left) {
        int excess = Math.max(0, ids.length - maxLength);
        int[] counts = {count(sequences, 0), count(sequences, 1)};
        int[] room = room(counts[0], counts[1], excess, maxLength);
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

    /** How many tokens of the first and the second text stay. */
    private static int[] room(int first, int second, int excess, int maxLength) {
        int left = first + second - excess;
        int cutFirst = Math.min(first, maxLength);
        int cutSecond = Math.min(second, maxLength);
        int keptShorter = Math.min(Math.min(cutFirst, cutSecond), left / 2);
        int keptLonger = left - keptShorter;
        return cutFirst > cutSecond ? new int[] {keptLonger, keptShorter} : new int[] {keptShorter, keptLonger};
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
