// SPDX-License-Identifier: Apache-2.0
class MeanIsRightIfNoMaskChangesTheSign {
    static double smallestBias(double[] w, double[] x, double p) {
        double bias = 0;
        for (int q = 0; q < w.length; q++) {
            double term = w[q] * x[q] / (1 - p);
            bias -= Math.min(term, 0);
        }
        return bias;
    }
}
