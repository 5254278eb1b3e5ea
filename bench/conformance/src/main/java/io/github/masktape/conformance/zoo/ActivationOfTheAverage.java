// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import io.github.masktape.conformance.ActivationFunction;

/**
 * The activation is applied to the averaged pre-activation.
 *
 * <p>It looks right because inference is about averages, and for the identity it makes no difference. But a ReLU passes
 * positive values even where the mean is negative. It is common: using W itself in inference amounts to this.
 */
final class ActivationOfTheAverage extends PlainDropConnect {
    ActivationOfTheAverage(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    double average(double mean, double variance, ActivationFunction a) {
        double deviation = Math.sqrt(variance);
        double sum = 0;
        for (int s = 0; s < SAMPLES; s++) {
            sum += deviation * random.nextGaussian();
        }
        return a.at(mean + sum / SAMPLES);
    }
}
