package dev.ortune.trainer.data;

import java.util.stream.IntStream;

/**
 * The Mersenne Twister of 32 bits with the draws that NumPy's legacy {@code RandomState} makes from it, so that splits
 * and shuffles can be repeated with NumPy and scikit-learn to the last row.
 *
 * <p>Source: M. Matsumoto and T. Nishimura, Mersenne Twister: A 623-dimensionally equidistributed uniform pseudorandom
 * number generator, ACM TOMACS 8 (1998).
 */
public final class Mt19937 {
    private static final int SIZE = 624;
    private static final int SHIFT = 397;
    private static final int TWIST = 0x9908b0df;
    private static final int UPPER = 0x80000000;

    private final int[] state = new int[SIZE];
    private int next = SIZE;

    /** As {@code numpy.random.RandomState(seed)}; {@code seed} is in [0, 2³²). */
    public Mt19937(long seed) {
        if (seed < 0 || seed >= 1L << 32) {
            throw new IllegalArgumentException("seed " + seed + " is not in 0 to 4294967295");
        }
        state[0] = (int) seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** The next 32 bits. */
    public int nextInt() {
        if (next == SIZE) {
            twist();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    /** A uniform draw from 0 to {@code max}, both included: masked 32-bit draws until one is small enough. */
    public int nextInt(int max) {
        if (max < 0) {
            throw new IllegalArgumentException("max " + max + " is negative");
        }
        int mask = max == 0 ? 0 : -1 >>> Integer.numberOfLeadingZeros(max);
        // NumPy draws nothing where there is nothing to choose.
        int value = max == 0 ? 0 : nextInt() & mask;
        while (value > max) {
            value = nextInt() & mask;
        }
        return value;
    }

    /** As {@code RandomState.permutation(n)}: 0 to n-1, shuffled from the end. */
    public int[] permutation(int n) {
        int[] order = IntStream.range(0, n).toArray();
        for (int i = n - 1; i > 0; i--) {
            int j = nextInt(i);
            int other = order[j];
            order[j] = order[i];
            order[i] = other;
        }
        return order;
    }

    private void twist() {
        for (int i = 0; i < SIZE; i++) {
            int y = (state[i] & UPPER) | (state[(i + 1) % SIZE] & ~UPPER);
            state[i] = state[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : TWIST);
        }
        next = 0;
    }
}
