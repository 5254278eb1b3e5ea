// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import io.github.masktape.internal.GaussianMoments;
import io.github.masktape.math.Elementary;

/** A function applied element by element; {@link Tensor#expected} computes its mean over a normal argument. */
public enum Activation {
    /** The identity, a(u) = u. */
    IDENTITY("identity") {
        @Override
        double at(double u) {
            return u;
        }

        @Override
        double expected(double mean, double variance) {
            return variance >= 0 ? mean : Double.NaN;
        }
    },
    /** The rectified linear unit, a(u) = max(u, 0). */
    RELU("relu") {
        @Override
        double at(double u) {
            return Math.max(u, 0.0);
        }

        @Override
        double expected(double mean, double variance) {
            return GaussianMoments.relu(mean, variance);
        }
    },
    /** The hyperbolic tangent, a(u) = tanh u. */
    TANH("tanh") {
        @Override
        double at(double u) {
            return Elementary.tanh(u);
        }

        @Override
        double expected(double mean, double variance) {
            return GaussianMoments.tanh(mean, variance);
        }
    },
    /** The logistic function, a(u) = 1/(1 + e⁻ᵘ). */
    SIGMOID("sigmoid") {
        @Override
        double at(double u) {
            return Elementary.sigmoid(u);
        }

        @Override
        double expected(double mean, double variance) {
            return GaussianMoments.sigmoid(mean, variance);
        }
    };

    private final String word;

    Activation(String word) {
        this.word = word;
    }

    /** The value a(u). */
    abstract double at(double u);

    /**
     * The mean E[a(u)], u ~ N(mean, variance), in double; exactly a(mean) where the variance is 0, NaN where it is
     * negative.
     */
    abstract double expected(double mean, double variance);

    /**
     * The mean of a(u) over {@code samples} draws of u ~ N(mean, variance); exactly a(mean) where the variance is 0.
     */
    final double sampled(double mean, double variance, int samples, RandomStream stream) {
        double deviation = Math.sqrt(variance);
        double center = at(mean);
        if (deviation == 0) {
            return center;
        }
        double sum = 0.0;
        for (int s = 0; s < samples; s++) {
            sum += at(mean + Ziggurat.next(stream) * deviation);
        }
        return sum / samples;
    }

    /** The name: {@code identity}, {@code relu}, {@code tanh} or {@code sigmoid}. */
    @Override
    public String toString() {
        return word;
    }
}
