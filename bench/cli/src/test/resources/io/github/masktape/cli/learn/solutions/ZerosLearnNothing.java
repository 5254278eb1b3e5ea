// SPDX-License-Identifier: Apache-2.0
class ZerosLearnNothing {
    static boolean[] isZero() {
        return new boolean[] {true, true, true, false};
    }

    static double[] db2(int n0, int n1) {
        double share = n0 / (double) (n0 + n1);
        return new double[] {0.5 - share, share - 0.5};
    }

    static double learned(int n0, int n1) {
        return n0 / (double) (n0 + n1);
    }
}
