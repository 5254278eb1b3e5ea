// SPDX-License-Identifier: Apache-2.0
/*
 * Softmax of large scores
 *
 *   p[k] = exp(z[k]) / Σ exp(z)
 *
 * exp(1000) is infinite in double precision, yet the softmax of [1000, 1001] is that of [0, 1]: adding the same number to all
 * scores changes nothing. Write a softmax that works for all scores.
 */
class SoftmaxOfLargeScores {
    static double[] softmax(double[] z) {
        double[] p = new double[z.length];
        double sum = 0;
        for (int k = 0; k < z.length; k++) {
            p[k] = Math.exp(z[k]);
            sum += p[k];
        }
        for (int k = 0; k < z.length; k++) {
            p[k] /= sum;
        }
        return p;
    }
}
