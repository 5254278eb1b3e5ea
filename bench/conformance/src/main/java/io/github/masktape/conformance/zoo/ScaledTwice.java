// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import io.github.masktape.conformance.PassResult;

/**
 * The masked weight is scaled once more.
 *
 * <p>It looks right because somewhere one must divide by 1 − p. But the mask has done so already, and forward and
 * backward agree with each other, so a gradient check passes. Seen in keras-drop-connect, where the framework's own
 * dropout, which scales, is divided again.
 */
final class ScaledTwice extends PlainDropConnect {
    ScaledTwice(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    PassResult pass(double[][] x, double[][] dy, double[][][] m) {
        double[][][] scaled = new double[m.length][w.length][w[0].length];
        for (int n = 0; n < m.length; n++) {
            for (int j = 0; j < w.length; j++) {
                for (int q = 0; q < w[j].length; q++) {
                    scaled[n][j][q] = m[n][j][q] / (1 - p);
                }
            }
        }
        return super.pass(x, dy, scaled);
    }
}
