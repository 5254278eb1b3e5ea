// SPDX-License-Identifier: Apache-2.0
class PartsMustNotBeThreads {
    static int[][] parts(int length, int threads) {
        int count = 64;
        int[][] parts = new int[count][];
        for (int k = 0; k < count; k++) {
            parts[k] = new int[] {length * k / count, length * (k + 1) / count};
        }
        return parts;
    }
}
