package io.github.masktape.conformance.zoo;

import io.github.masktape.conformance.ActivationFunction;

/**
 * The activation is applied to the averaged pre-activation.
 *
 * <p>It looks right because averages are what inference is about, and for the identity it is the same. But a ReLU lets
 * pass what is positive, also where the mean is not. Common: it is what using W itself in inference comes to.
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
