// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

/**
 * Biases are dropped at inference.
 *
 * <p>It looks right because noise is applied wherever a parameter is read, and training is correct. But the same input
 * gives a different result each time. Seen in DL4J with applyToBiases, whose noise for the bias does not check whether
 * this is training.
 */
final class BiasesDroppedAtInference extends PlainDropConnect {
    BiasesDroppedAtInference(double[][] w, double[] b, double p, long seed) {
        super(w, b, p, seed);
    }

    @Override
    public double[][] predict(double[][] x) {
        double[][] y = super.predict(x);
        for (int j = 0; j < b.length; j++) {
            double noisy = masked(b[j], drawEntry());
            for (double[] row : y) {
                row[j] += noisy - b[j];
            }
        }
        return y;
    }
}
