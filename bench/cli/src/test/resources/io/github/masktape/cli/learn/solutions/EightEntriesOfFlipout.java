// SPDX-License-Identifier: Apache-2.0
class EightEntriesOfFlipout {
    static double last(double[][][] m) {
        double sign = 1;
        for (int i = 0; i < 7; i++) {
            sign *= m[i >> 2][i >> 1 & 1][i & 1] - 1;
        }
        return 1 + sign;
    }
}
