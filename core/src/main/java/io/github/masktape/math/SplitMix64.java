// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.math;

/**
 * SplitMix64 in counter mode: the c-th word of stream {@code key} is {@code mix(key + c·γ)}, so any word can be
 * computed alone.
 *
 * <p>Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014; constants as in
 * {@code java.util.SplittableRandom}, which is the oracle of the tests.
 */
public final class SplitMix64 {
    /** γ, the odd number nearest to 2⁶⁴/φ. */
    public static final long GAMMA = 0x9E3779B97F4A7C15L;

    /** The multipliers of {@link #mix}. */
    public static final long FIRST = 0xBF58476D1CE4E5B9L;

    public static final long SECOND = 0x94D049BB133111EBL;

    private SplitMix64() {}

    /** The generator's output function, a bijection of 64-bit words. */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * FIRST;
        z = (z ^ (z >>> 27)) * SECOND;
        return z ^ (z >>> 31);
    }
}
