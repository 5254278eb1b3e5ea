// SPDX-License-Identifier: Apache-2.0
class TwoDigitsDecideAtOneQuarter {
    static final long GAMMA = 0x9E3779B97F4A7C15L;

    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    static int words() {
        return 2;
    }

    static boolean keeps(long key) {
        return !(mix(key + GAMMA) < 0 && mix(key + 2 * GAMMA) < 0);
    }
}
