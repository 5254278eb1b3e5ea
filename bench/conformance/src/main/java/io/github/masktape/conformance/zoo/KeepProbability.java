// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

/**
 * p is taken for the probability to keep.
 *
 * <p>It looks right because at p = ½, which everyone tries, it is. Seen in the PyPI package dropconnect 0.1, whose
 * documentation says keep and whose code says drop, and in dropconnect-tensorflow.
 */
final class KeepProbability extends PlainDropConnect {
    KeepProbability(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    double drawEntry() {
        return random.nextDouble() < p ? 1 / p : 0;
    }
}
