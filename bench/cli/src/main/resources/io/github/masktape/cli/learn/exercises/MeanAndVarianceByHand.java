// SPDX-License-Identifier: Apache-2.0
/*
 * Mean and variance by hand
 *
 *   u = Σ m[q]·w[q]·x[q] + b      m[q] = 0 with probability p, else 1/(1 − p), independently
 *
 * Compute the mean μ and the variance σ² of u. For w = [2, −1], x = [1, 3], b = 0 and p = ½, check with all four masks.
 */
class MeanAndVarianceByHand {
    static double mean(double[] w, double[] x, double b, double p) {
        return Double.NaN;
    }

    static double variance(double[] w, double[] x, double b, double p) {
        return Double.NaN;
    }
}
