// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import io.github.masktape.conformance.ActivationFunction;
import io.github.masktape.conformance.Case;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.PassResult;
import io.github.masktape.conformance.TrainingLayer;
import java.util.SplittableRandom;

/**
 * A complete DropConnect layer in plain loops: masks, forward, backward, inference.
 *
 * <pre>
 *   yₙ      = (W ⊙ Mₙ) xₙ + b       M = 0 with probability p, else 1/(1 − p)
 *   ∂L/∂W   = Σₙ (dyₙ xₙᵀ) ⊙ Mₙ
 *   ∂L/∂xₙ  = (W ⊙ Mₙ)ᵀ dyₙ
 *   ∂L/∂b   = Σₙ dyₙ
 * </pre>
 */
public class PlainDropConnect implements TrainingLayer {
    /** The number of draws of {@link #average}. */
    static final int SAMPLES = 1000;

    final double[][] w;
    final double[] b;
    final double p;
    final SplittableRandom random;

    /** A layer with given weights, out×in. */
    public PlainDropConnect(double[][] w, double[] b, double p, long seed) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("p: expected a number in [0, 1), got " + p);
        }
        this.w = w;
        this.b = b;
        this.p = p;
        this.random = new SplittableRandom(seed);
    }

    // ---- masks ----

    /** Draws the masks of a batch. */
    double[][][] drawMasks(int examples) {
        double[][][] m = new double[examples][][];
        for (int n = 0; n < examples; n++) {
            m[n] = drawMask();
        }
        return m;
    }

    double[][] drawMask() {
        double[][] m = new double[w.length][w[0].length];
        for (double[] row : m) {
            for (int q = 0; q < row.length; q++) {
                row[q] = drawEntry();
            }
        }
        return m;
    }

    double drawEntry() {
        return random.nextDouble() < p ? 0 : 1 / (1 - p);
    }

    // ---- training ----

    @Override
    public PassResult step(double[][] x, double[][] dy) {
        return pass(x, dy, drawMasks(x.length));
    }

    /** Runs forward and backward under given masks. */
    PassResult pass(double[][] x, double[][] dy, double[][][] m) {
        double[][] y = forward(x, m);
        return new PassResult(y, inputGradient(dy, m), weightGradient(x, dy, m), biasGradient(dy));
    }

    double[][] forward(double[][] x, double[][][] m) {
        double[][] y = new double[x.length][w.length];
        for (int n = 0; n < x.length; n++) {
            for (int j = 0; j < w.length; j++) {
                double sum = 0;
                for (int q = 0; q < w[j].length; q++) {
                    sum += masked(w[j][q], m[n][j][q]) * x[n][q];
                }
                y[n][j] = sum + b[j];
            }
        }
        return y;
    }

    double[][] weightGradient(double[][] x, double[][] dy, double[][][] m) {
        double[][] dw = new double[w.length][w[0].length];
        for (int n = 0; n < x.length; n++) {
            for (int j = 0; j < w.length; j++) {
                for (int q = 0; q < w[j].length; q++) {
                    dw[j][q] += masked(dy[n][j] * x[n][q], m[n][j][q]);
                }
            }
        }
        return dw;
    }

    double[][] inputGradient(double[][] dy, double[][][] m) {
        double[][] dx = new double[dy.length][w[0].length];
        for (int n = 0; n < dy.length; n++) {
            for (int j = 0; j < w.length; j++) {
                for (int q = 0; q < w[j].length; q++) {
                    dx[n][q] += masked(w[j][q], m[n][j][q]) * dy[n][j];
                }
            }
        }
        return dx;
    }

    double[] biasGradient(double[][] dy) {
        double[] db = new double[b.length];
        for (double[] row : dy) {
            for (int j = 0; j < db.length; j++) {
                db[j] += row[j];
            }
        }
        return db;
    }

    /** The value times m, but 0 if m is 0: it selects, because 0 times infinity is NaN. */
    static double masked(double value, double m) {
        return m == 0 ? 0 : value * m;
    }

    // ---- inference ----

    @Override
    public double[][] predict(double[][] x) {
        double[][] y = new double[x.length][w.length];
        for (int n = 0; n < x.length; n++) {
            for (int j = 0; j < w.length; j++) {
                y[n][j] = mean(x[n], j);
            }
        }
        return y;
    }

    /** The mean of a(u) over draws of a normal u: μ = W x + b, σ² = p/(1 − p)·(W ⊙ W)(x ⊙ x). */
    double[][] average(double[][] x, ActivationFunction a) {
        double[][] y = new double[x.length][w.length];
        for (int n = 0; n < x.length; n++) {
            for (int j = 0; j < w.length; j++) {
                y[n][j] = average(mean(x[n], j), variance(x[n], j), a);
            }
        }
        return y;
    }

    double average(double mean, double variance, ActivationFunction a) {
        double deviation = Math.sqrt(variance);
        double sum = 0;
        for (int s = 0; s < SAMPLES; s++) {
            sum += a.at(mean + deviation * random.nextGaussian()) - a.at(mean);
        }
        return a.at(mean) + sum / SAMPLES;
    }

    double mean(double[] x, int j) {
        double sum = 0;
        for (int q = 0; q < x.length; q++) {
            sum += w[j][q] * x[q];
        }
        return sum + b[j];
    }

    double variance(double[] x, int j) {
        double sum = 0;
        for (int q = 0; q < x.length; q++) {
            sum += w[j][q] * w[j][q] * x[q] * x[q];
        }
        return p / (1 - p) * sum;
    }

    // ---- for the kit ----

    /** A constructor of layers of a species. */
    @FunctionalInterface
    interface Species {
        PlainDropConnect create(double[][] w, double[] b, double p, long seed);
    }

    /** All parts of a species as an implementation for the conformance kit. */
    static Implementation implementation(String name, Species species) {
        return Implementation.named(name)
                .backprop(c ->
                        species.create(c.w(), c.b(), c.dropProbability(), 1).pass(c.x(), c.dy(), masks(c)))
                .masks((n, l, d, p, seed, step) -> {
                    PlainDropConnect layer = species.create(new double[l][d], new double[l], p, seed);
                    for (long i = 0; i < step; i++) {
                        layer.drawMasks(n);
                    }
                    return layer.drawMasks(n);
                })
                .layer(species::create)
                .predictor((x, w, b, p, a) -> species.create(w, b, p, 1).average(x, a), SAMPLES);
    }

    private static double[][][] masks(Case c) {
        double[][][] m = new double[c.examples()][][];
        for (int n = 0; n < m.length; n++) {
            m[n] = c.mask()[c.mask().length == 1 ? 0 : n];
        }
        return m;
    }
}
