// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import io.github.masktape.conformance.ActivationFunction;

/**
 * The variance is used in place of the standard deviation.
 *
 * <p>It looks right because a normal draw takes a number for its spread, and the variance is one; where it is about 1,
 * nobody sees a difference. Seen in the R package darch.
 */
final class VarianceAsDeviation extends PlainDropConnect {
    VarianceAsDeviation(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    double average(double mean, double variance, ActivationFunction a) {
        double sum = 0;
        for (int s = 0; s < SAMPLES; s++) {
            sum += a.at(mean + variance * random.nextGaussian()) - a.at(mean);
        }
        return a.at(mean) + sum / SAMPLES;
    }
}
