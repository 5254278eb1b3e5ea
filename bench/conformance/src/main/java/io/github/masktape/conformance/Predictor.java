// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

/** Inference that averages over masks: an estimate of E[a((W ⊙ M) x + b)]. */
@FunctionalInterface
public interface Predictor {
    /** The estimates, one example a row. */
    double[][] predict(double[][] x, double[][] w, double[] b, double dropProbability, ActivationFunction activation);
}
