// SPDX-License-Identifier: Apache-2.0
/*
 * A masked bias
 *
 *   u = Σ m[q]·w[q]·x[q] + m·b      the paper masks biases too, with an m of their own
 *
 * How do μ and σ² change?
 */
class MaskedBiasAddsItsOwnVariance {
    static double mean(double[] w, double[] x, double b, double p) {
        return Double.NaN;
    }

    static double variance(double[] w, double[] x, double b, double p) {
        return Double.NaN;
    }
}
