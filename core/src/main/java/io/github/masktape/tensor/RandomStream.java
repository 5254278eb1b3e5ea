// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import io.github.masktape.math.Elementary;
import io.github.masktape.math.SplitMix64;

/**
 * A stream of random numbers from a key, by SplitMix64: the c-th word is {@code mix(key + c·γ)}, the same on every
 * machine. It serves initial weights, shuffling and test directions; masks are drawn by {@link Mask#bernoulli}.
 */
public final class RandomStream {
    private long state;

    /** The stream of a key, before its first word. Equal keys give equal streams. */
    public RandomStream(long key) {
        this.state = key;
    }

    /**
     * A new key derived from a key and an index: {@code mix(key + (index + 1)·γ)}. A chain of them identifies a place:
     * seed, layer, step, example.
     */
    public static long derive(long key, long index) {
        return SplitMix64.mix(key + (index + 1) * SplitMix64.GAMMA);
    }

    /** A copy of this stream, which continues independently from the same position. */
    public RandomStream copy() {
        return new RandomStream(state);
    }

    /** The next 64 random bits. */
    public long nextLong() {
        state += SplitMix64.GAMMA;
        return SplitMix64.mix(state);
    }

    /** A uniform number in [0, 1) with 53 bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /**
     * A uniform number in [0, bound), without bias: words past the last whole multiple of {@code bound} are drawn
     * again.
     */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound: expected at least 1, got " + bound);
        }
        while (true) {
            long word = nextLong() >>> 1;
            long value = word % bound;
            if (word - value + (bound - 1) >= 0) {
                return (int) value;
            }
        }
    }

    /** A standard normal number, by Marsaglia's polar method (its second number is not kept). */
    public double nextGaussian() {
        while (true) {
            double u = 2 * nextDouble() - 1;
            double v = 2 * nextDouble() - 1;
            double s = u * u + v * v;
            if (s > 0 && s < 1) {
                return u * Math.sqrt(-2 * Elementary.log(s) / s);
            }
        }
    }

    /** The numbers 0 … count−1 in random order (Fisher–Yates). */
    public int[] permutation(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
