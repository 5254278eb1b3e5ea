// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import io.github.masktape.math.SplitMix64;

/** The drawing of masks in plain loops, which define it. */
final class ScalarMasks implements MaskKernels {
    static final ScalarMasks INSTANCE = new ScalarMasks();

    private ScalarMasks() {}

    /** {@inheritDoc} It draws 64 inputs, two blocks of the layout, for all outputs and examples before the next 64. */
    @Override
    public void bernoulli(long[] keys, long threshold, int n, int l, int d, int[] bits) {
        int words = (d - 1) / 64 + 1;
        Platform.parallelFor(words, 2L * n * l, (from, to) -> {
            for (int b = from; b < to; b++) {
                long inRange = -1L << Math.max(0, 64 * (b + 1) - d);
                boolean hasLower = 64 * b + 32 < d;
                for (int i = 0; i < n; i++) {
                    int upper = (2 * b * n + i) * l;
                    for (int j = 0; j < l; j++) {
                        long counter = keys[i] + 64L * (j * words + b) * SplitMix64.GAMMA;
                        long word = inRange & bernoulli(counter, threshold, inRange);
                        bits[upper + j] = (int) (word >>> 32);
                        if (hasLower) {
                            bits[upper + n * l + j] = (int) word;
                        }
                    }
                }
            }
        });
    }

    /**
     * Draws all 64 inputs of a word at once. If digit r of T is 1, the undecided inputs whose digit is 0 are kept; if
     * it is 0, those whose digit is 1 are dropped. It stops when all are decided or T has no digits left.
     */
    private static long bernoulli(long counter, long threshold, long undecided) {
        long kept = threshold == 0 ? -1L : 0L;
        for (long digits = threshold; digits != 0 && undecided != 0; digits <<= 1) {
            counter += SplitMix64.GAMMA;
            long u = SplitMix64.mix(counter);
            if (digits < 0) {
                kept |= undecided & ~u;
                undecided &= u;
            } else {
                undecided &= ~u;
            }
        }
        return kept;
    }
}
