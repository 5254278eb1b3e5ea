// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

/**
 * The gradient of the weights is masked, but not scaled.
 *
 * <p>It looks right because dropped weights get 0. But the forward pass multiplied by 1/(1 − p), so the backward pass
 * must do so too: every step is too short by the factor 1 − p. Seen in mlpack.
 */
final class UnscaledGradient extends PlainDropConnect {
    UnscaledGradient(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    double[][] weightGradient(double[][] x, double[][] dy, double[][][] m) {
        double[][] dw = new double[w.length][w[0].length];
        for (int n = 0; n < x.length; n++) {
            for (int j = 0; j < w.length; j++) {
                for (int q = 0; q < w[j].length; q++) {
                    if (m[n][j][q] != 0) {
                        dw[j][q] += dy[n][j] * x[n][q];
                    }
                }
            }
        }
        return dw;
    }
}
