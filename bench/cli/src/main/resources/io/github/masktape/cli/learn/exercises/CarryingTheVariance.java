// SPDX-License-Identifier: Apache-2.0
/*
 * Carrying the variance on
 *
 *   u = Σ m[q]·w[q]·v[q]      m[q] masked as always, and v[q] random itself, with mean μ[q] and variance t[q], independent
 *
 * The inputs of the second layer vary, because the first layer drops connections too. What is the variance of u?
 */
class CarryingTheVariance {
    /** The variance of one term m·w·v. */
    static double term(double w, double mean, double variance, double p) {
        return Double.NaN;
    }

    /** The variance of u. */
    static double sum(double[] w, double[] mean, double[] variance, double p) {
        return Double.NaN;
    }
}
