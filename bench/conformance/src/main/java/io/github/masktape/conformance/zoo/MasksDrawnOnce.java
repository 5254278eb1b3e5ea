// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import org.jspecify.annotations.Nullable;

/**
 * The masks are drawn when they are first needed, and kept.
 *
 * <p>It looks right because each mask is right, and so is the first step. But every step trains the same part of the
 * network, and the rest never learns. Seen in the archived first version of the PyPI package dropconnect.
 */
final class MasksDrawnOnce extends PlainDropConnect {
    private double @Nullable [][] mask;

    MasksDrawnOnce(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    double[][] drawMask() {
        if (mask == null) {
            mask = super.drawMask();
        }
        return mask;
    }
}
