// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import io.github.masktape.conformance.PassResult;
import java.util.Arrays;

/**
 * The layer never learns that it is being trained.
 *
 * <p>It looks right because the masked product is there, and is right. But the flag that chooses it is false by default,
 * and nobody sets it: training is that of a linear layer. Seen in dropconnect-tensorflow under the fit method of Keras.
 */
final class MaskIgnoredInTraining extends PlainDropConnect {
    boolean training;

    MaskIgnoredInTraining(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    public PassResult step(double[][] x, double[][] dy) {
        return training ? super.step(x, dy) : pass(x, dy, ones(x.length));
    }

    private double[][][] ones(int examples) {
        double[][][] m = new double[examples][w.length][w[0].length];
        for (double[][] example : m) {
            for (double[] row : example) {
                Arrays.fill(row, 1);
            }
        }
        return m;
    }
}
