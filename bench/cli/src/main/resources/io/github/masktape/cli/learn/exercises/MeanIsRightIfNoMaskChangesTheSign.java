// SPDX-License-Identifier: Apache-2.0
/*
 * When the mean is exactly right
 *
 *   u = Σ m[q]·w[q]·x[q] + b      m[q] = 0 or 1/(1 − p)
 *
 * relu is a straight line where no mask makes u negative, and there relu(μ) is the mean of relu(u). What is the smallest
 * bias b ≥ 0 for which no mask makes u negative?
 */
class MeanIsRightIfNoMaskChangesTheSign {
    static double smallestBias(double[] w, double[] x, double p) {
        return Double.NaN;
    }
}
