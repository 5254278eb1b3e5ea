// SPDX-License-Identifier: Apache-2.0
/*
 * Two digits decide
 *
 * A connection is kept if U < 1 − p, where U is a number in [0, 1) whose binary digits come from random words: digit c is the
 * sign bit of mix(key + (c + 1)·γ), for input 0 and c = 0, 1, 2, … Decide for p = ¼, without computing more than you need.
 */
class TwoDigitsDecideAtOneQuarter {
    static final long GAMMA = 0x9E3779B97F4A7C15L;

    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The words that decide at p = ¼, at most. */
    static int words() {
        return 0;
    }

    /** True if input 0 of output 0 is kept at p = ¼, in the example with this key. */
    static boolean keeps(long key) {
        return true;
    }
}
