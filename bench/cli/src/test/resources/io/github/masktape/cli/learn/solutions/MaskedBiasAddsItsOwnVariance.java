// SPDX-License-Identifier: Apache-2.0
class MaskedBiasAddsItsOwnVariance {
    static double mean(double[] w, double[] x, double b, double p) {
        double sum = b;
        for (int q = 0; q < w.length; q++) {
            sum += w[q] * x[q];
        }
        return sum;
    }

    static double variance(double[] w, double[] x, double b, double p) {
        double sum = b * b;
        for (int q = 0; q < w.length; q++) {
            sum += w[q] * x[q] * w[q] * x[q];
        }
        return p / (1 - p) * sum;
    }
}
