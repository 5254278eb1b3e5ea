// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import java.util.Arrays;

/**
 * All examples of a batch share a mask, although each should have its own.
 *
 * <p>It looks right because masks are new in every step, and one matrix product is then enough for the whole batch. But
 * the gradient of a batch varies far more, and the paper found that it does not regularize enough. Most libraries do
 * this; the honest ones say so.
 */
final class OneMaskForTheBatch extends PlainDropConnect {
    OneMaskForTheBatch(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    double[][][] drawMasks(int examples) {
        double[][][] m = new double[examples][][];
        Arrays.fill(m, drawMask());
        return m;
    }
}
