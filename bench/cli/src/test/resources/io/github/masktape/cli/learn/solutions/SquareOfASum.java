// SPDX-License-Identifier: Apache-2.0
class SquareOfASum {
    static double variance(double[] j) {
        double sum = 0;
        double squares = 0;
        for (double x : j) {
            sum += x;
            squares += x * x;
        }
        double mean = sum / j.length;
        return squares / j.length - mean * mean;
    }

    static double gap(double[] j) {
        return variance(j) * j.length * j.length;
    }

    static double[] equal(int count) {
        double[] j = new double[count];
        java.util.Arrays.fill(j, 7);
        return j;
    }
}
