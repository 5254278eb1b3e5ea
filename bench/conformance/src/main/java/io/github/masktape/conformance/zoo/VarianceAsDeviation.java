package io.github.masktape.conformance.zoo;

import io.github.masktape.conformance.ActivationFunction;

/**
 * The variance stands where the deviation belongs.
 *
 * <p>It looks right because normal draws take a number for their spread, and this is one; where it is about 1, nobody
 * sees a difference. Seen in the R package darch.
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
