// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import io.github.masktape.conformance.PassResult;

/**
 * The layer cannot be trained after inference.
 *
 * <p>It looks right because each of the two works alone. The layer keeps the weight it last computed with in a slot; in
 * inference that is the raw parameter itself, and a slot that holds a parameter accepts nothing else. Seen in
 * PyTorch-NLP's WeightDrop, where PyTorch throws a TypeError.
 */
final class BrokenByInference extends PlainDropConnect {
    private double[][] slot = new double[0][0];

    BrokenByInference(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    public PassResult step(double[][] x, double[][] dy) {
        if (slot == w) {
            throw new IllegalStateException("cannot assign a tensor where a parameter is registered");
        }
        slot = new double[w.length][w[0].length];
        return super.step(x, dy);
    }

    @Override
    public double[][] predict(double[][] x) {
        slot = w;
        return super.predict(x);
    }
}
