// SPDX-License-Identifier: Apache-2.0
class CarryingTheVariance {
    static double term(double w, double mean, double variance, double p) {
        return w * w * ((mean * mean + variance) / (1 - p) - mean * mean);
    }

    static double sum(double[] w, double[] mean, double[] variance, double p) {
        double sum = 0;
        for (int q = 0; q < w.length; q++) {
            sum += term(w[q], mean[q], variance[q], p);
        }
        return sum;
    }
}
