// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

/**
 * Masks are 0 and 1, and inference uses all of W.
 *
 * <p>It looks right because a mask consists of zeros and ones. But then the sums in training are too small by the
 * factor 1 − p, and in inference every layer receives larger inputs than in training. Seen in DL4J.
 */
final class UnscaledMasks extends PlainDropConnect {
    UnscaledMasks(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    double drawEntry() {
        return random.nextDouble() < p ? 0 : 1;
    }
}
