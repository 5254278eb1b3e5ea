// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import io.github.masktape.conformance.PassResult;

/**
 * The backward pass draws a mask of its own.
 *
 * <p>It looks right because it masks and scales, and on average over many steps the gradient is that of a linear layer.
 * But in each step, the connections that learn are not those that computed. Seen in optirs.
 */
final class FreshMaskInBackward extends PlainDropConnect {
    FreshMaskInBackward(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    PassResult pass(double[][] x, double[][] dy, double[][][] m) {
        double[][] y = forward(x, m);
        double[][][] fresh = drawMasks(x.length);
        return new PassResult(y, inputGradient(dy, fresh), weightGradient(x, dy, fresh), biasGradient(dy));
    }
}
