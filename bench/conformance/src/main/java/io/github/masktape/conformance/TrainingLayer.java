// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

/** A layer as its users see it, which draws its own masks. */
public interface TrainingLayer {
    /** One step in training mode, under masks never used before: forward from x, then backward from dy. */
    PassResult step(double[][] x, double[][] dy);

    /** The outputs in inference mode. */
    double[][] predict(double[][] x);

    /** A constructor of layers. */
    @FunctionalInterface
    interface Factory {
        /**
         * A new layer, whose masks depend on the seed only.
         *
         * @param w out×in
         * @param b out
         */
        TrainingLayer create(double[][] w, double[] b, double dropProbability, long seed);
    }
}
