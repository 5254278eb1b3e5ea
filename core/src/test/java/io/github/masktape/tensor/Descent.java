// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

/** Gradient descent with momentum, for tests of how places are updated: v ← μ·v + g; w ← w − η·v. */
public record Descent(double rate, double momentum) implements Update {
    /** Gradient descent without momentum, which needs no state. */
    public Descent(double rate) {
        this(rate, 0);
    }

    @Override
    public void apply(float[] w, float[] g, float[][] states, int from, int to) {
        for (int i = from; i < to; i++) {
            float step = g[i];
            if (states.length > 0) {
                states[0][i] = (float) momentum * states[0][i] + g[i];
                step = states[0][i];
            }
            w[i] -= (float) rate * step;
        }
    }

    @Override
    public void apply(double[] w, double[] g, double[][] states, int from, int to) {
        for (int i = from; i < to; i++) {
            double step = g[i];
            if (states.length > 0) {
                states[0][i] = momentum * states[0][i] + g[i];
                step = states[0][i];
            }
            w[i] -= rate * step;
        }
    }
}
