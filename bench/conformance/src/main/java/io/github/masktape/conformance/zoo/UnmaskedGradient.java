// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

/**
 * The gradient of the weights is that of an ordinary linear layer.
 *
 * <p>It looks right because noise is added to a copy of the weights, and training updates the weights. But the loss
 * depends on W ⊙ M, so dropped weights move. Seen in DL4J 1.0.0-M2.1, where a step of SGD moved all dropped weights,
 * and in mlpack.
 */
final class UnmaskedGradient extends PlainDropConnect {
    UnmaskedGradient(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    double[][] weightGradient(double[][] x, double[][] dy, double[][][] m) {
        double[][] dw = new double[w.length][w[0].length];
        for (int n = 0; n < x.length; n++) {
            for (int j = 0; j < w.length; j++) {
                for (int q = 0; q < w[j].length; q++) {
                    dw[j][q] += dy[n][j] * x[n][q];
                }
            }
        }
        return dw;
    }
}
