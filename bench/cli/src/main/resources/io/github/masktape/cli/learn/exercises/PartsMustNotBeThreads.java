// SPDX-License-Identifier: Apache-2.0
/*
 * Parts must not be threads
 *
 * To sum an array with several threads, cut it into parts, sum each part, and add the sums in order. Into which parts? The
 * result must have the same bits for any number of threads, and 8 threads must all have work for an array of 10,000.
 */
class PartsMustNotBeThreads {
    /** The parts: each is {from, to}, to exclusive; together they are 0 … length, in order. */
    static int[][] parts(int length, int threads) {
        int[][] parts = new int[threads][];
        for (int k = 0; k < threads; k++) {
            parts[k] = new int[] {length * k / threads, length * (k + 1) / threads};
        }
        return parts;
    }
}
