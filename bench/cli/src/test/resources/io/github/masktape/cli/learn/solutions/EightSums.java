// SPDX-License-Identifier: Apache-2.0
class EightSums {
    static double sumOfSquares(double[] a) {
        double[] s = new double[8];
        for (int i = 0; i < a.length; i++) {
            s[i % 8] += a[i] * a[i];
        }
        return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    }
}
