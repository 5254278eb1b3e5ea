// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

/**
 * The gradient goes to the masked copy, and stays there.
 *
 * <p>It looks right because the masked weight is a parameter, and it gets the right gradient. But in the next step it
 * is recomputed from the raw weight, which received no gradient and never learns. Seen in the WeightDrop of
 * awd-lstm-lm.
 */
final class NoGradientToRawWeight extends PlainDropConnect {
    double[][] gradientOfTheCopy = new double[0][0];
    private final double[][] gradientOfRaw;

    NoGradientToRawWeight(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
        gradientOfRaw = new double[w.length][w[0].length];
    }

    @Override
    double[][] weightGradient(double[][] x, double[][] dy, double[][][] m) {
        gradientOfTheCopy = super.weightGradient(x, dy, m);
        return gradientOfRaw;
    }
}
