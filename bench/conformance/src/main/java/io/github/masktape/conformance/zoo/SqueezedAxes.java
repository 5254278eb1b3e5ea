// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

/**
 * A result with one column is squeezed.
 *
 * <p>It looks right because with many outputs nothing is squeezed. But N×1 outputs become N numbers, which pass for a
 * row; a loss then silently broadcasts them against the N×1 targets and computes N×N differences. Seen in the PyPI
 * package dropconnect 0.1, which squeezes every axis of size 1.
 */
final class SqueezedAxes extends PlainDropConnect {
    SqueezedAxes(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    double[][] forward(double[][] x, double[][][] m) {
        double[][] y = super.forward(x, m);
        return w.length == 1 ? transposed(y) : y;
    }

    private static double[][] transposed(double[][] column) {
        double[][] row = new double[1][column.length];
        for (int n = 0; n < column.length; n++) {
            row[0][n] = column[n][0];
        }
        return row;
    }
}
