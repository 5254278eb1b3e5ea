// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import io.github.masktape.math.SplitMix64;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Random masks on the Vector API: a lane is an output, and its 64 bits are 64 inputs.
 *
 * <p>Two vectors, of the even and the odd among 2·lanes outputs, so that the upper halves of both, interleaved by a
 * shift and an or, are consecutive ints of the mask, and the lower halves too. They continue until their last bit is
 * decided, after about 11 words for 16 outputs where a single word takes 7; at p = ½ one is enough. Where there is no
 * instruction that multiplies longs, C2 composes it from others. With AVX2, a mask takes half of the time of plain loops;
 * with 128 bits, two thirds at p = ½ and 0.9 at others.
 */
final class VectorBernoulli implements MaskKernels {
    static final VectorBernoulli INSTANCE = new VectorBernoulli();

    private static final VectorSpecies<Long> LANES = LongVector.SPECIES_PREFERRED;

    /** The number of outputs drawn together. */
    static final int GROUP = 2 * LANES.length();

    private static final long LOW = 0xffff_ffffL;

    private VectorBernoulli() {}

    /** {@inheritDoc} It uses plain loops where there are fewer outputs than a group. */
    @Override
    public void bernoulli(long[] keys, long threshold, int n, int l, int d, int[] bits) {
        if (VectorFloat.width() >= Integer.getInteger("mw", 256) && l >= GROUP) {
            drawAll(keys, threshold, n, l, d, bits);
        } else {
            ScalarMasks.INSTANCE.bernoulli(keys, threshold, n, l, d, bits);
        }
    }

    private static void drawAll(long[] keys, long threshold, int n, int l, int d, int[] bits) {
        int words = (d - 1) / 64 + 1;
        long step = 64L * words * SplitMix64.GAMMA;
        long[] evens = new long[LANES.length()];
        long[] odds = new long[LANES.length()];
        for (int lane = 0; lane < LANES.length(); lane++) {
            evens[lane] = step * 2 * lane;
            odds[lane] = evens[lane] + step;
        }
        Platform.parallelFor(words, 2L * n * l, (from, to) -> {
            for (int b = from; b < to; b++) {
                long inRange = -1L << Math.max(0, 64 * (b + 1) - d);
                boolean hasLower = 64 * b + 32 < d;
                for (int i = 0; i < n; i++) {
                    int upper = (2 * b * n + i) * l;
                    int lower = hasLower ? upper + n * l : upper;
                    long first = keys[i] + 64L * b * SplitMix64.GAMMA;
                    for (int start = 0; start < l; start += GROUP) {
                        int j = Math.min(start, l - GROUP);
                        draw(first + j * step, evens, odds, threshold, inRange, bits, upper + j, lower + j);
                    }
                }
            }
        });
    }

    /**
     * Draws 64 inputs of a group of outputs: digit by digit of the threshold, as {@link ScalarMasks#bernoulli} does.
     */
    private static void draw(
            long counter, long[] evens, long[] odds, long threshold, long inRange, int[] bits, int upper, int lower) {
        LongVector even = LongVector.fromArray(LANES, evens, 0).add(counter);
        LongVector odd = LongVector.fromArray(LANES, odds, 0).add(counter);
        LongVector evenKept = LongVector.broadcast(LANES, threshold == 0 ? inRange : 0L);
        LongVector oddKept = evenKept;
        LongVector evenOpen = LongVector.broadcast(LANES, inRange);
        LongVector oddOpen = evenOpen;
        int round = 0;
        for (long digits = threshold; digits != 0; digits <<= 1) {
            long digit = digits >> 63;
            even = even.add(SplitMix64.GAMMA);
            odd = odd.add(SplitMix64.GAMMA);
            LongVector u = mix(even).lanewise(VectorOperators.XOR, digit);
            evenKept = evenKept.or(evenOpen.and(u).and(digit));
            evenOpen = evenOpen.lanewise(VectorOperators.AND_NOT, u);
            u = mix(odd).lanewise(VectorOperators.XOR, digit);
            oddKept = oddKept.or(oddOpen.and(u).and(digit));
            oddOpen = oddOpen.lanewise(VectorOperators.AND_NOT, u);
            round++;
            if (round >= 8 && evenOpen.or(oddOpen).reduceLanes(VectorOperators.OR) == 0) {
                break;
            }
        }
        // The lower half comes first: if there is none, the upper half overwrites it.
        LongVector low = evenKept.and(LOW).or(oddKept.lanewise(VectorOperators.LSHL, 32));
        low.reinterpretAsInts().intoArray(bits, lower);
        LongVector high = evenKept.lanewise(VectorOperators.LSHR, 32).or(oddKept.and(~LOW));
        high.reinterpretAsInts().intoArray(bits, upper);
    }

    /** Computes {@link SplitMix64#mix} in each lane. */
    private static LongVector mix(LongVector z) {
        z = z.lanewise(VectorOperators.LSHR, 30)
                .lanewise(VectorOperators.XOR, z)
                .mul(SplitMix64.FIRST);
        z = z.lanewise(VectorOperators.LSHR, 27)
                .lanewise(VectorOperators.XOR, z)
                .mul(SplitMix64.SECOND);
        return z.lanewise(VectorOperators.LSHR, 31).lanewise(VectorOperators.XOR, z);
    }
}
