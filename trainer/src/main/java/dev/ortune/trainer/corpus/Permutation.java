package dev.ortune.trainer.corpus;

/**
 * An order of the numbers from 0 to n - 1 that takes no memory, whatever n: a Feistel network over the next power of four, whose
 * results beyond n go through it again (Black and Rogaway 2002, "Ciphers with arbitrary finite domains").
 *
 * @param size n, 1 at least
 * @param key tells orders apart
 */
public record Permutation(int size, long key) {
    private static final int ROUNDS = 6;

    public Permutation {
        if (size < 1) {
            throw new IllegalArgumentException("no order of " + size + " numbers");
        }
    }

    /** The number at a place. */
    public int at(int place) {
        int half = (Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size - 1)) + 1) / 2;
        long number = place;
        do {
            number = through(number, half);
        } while (number >= size);
        return (int) number;
    }

    private long through(long number, int half) {
        long mask = (1L << half) - 1;
        long left = number >>> half;
        long right = number & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long next = left ^ (mixed(right + mixed(key + round)) & mask);
            left = right;
            right = next;
        }
        return left << half | right;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of the result depends on every bit of {@code x}. */
    static long mixed(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
