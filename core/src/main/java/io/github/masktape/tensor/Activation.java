package io.github.masktape.tensor;

import io.github.masktape.internal.Elementary;
import io.github.masktape.internal.Expected;

/** A function applied element by element, with its mean over a normal argument. */
public enum Activation {
    /** a(u) = u. */
    IDENTITY {
        @Override
        double at(double u) {
            return u;
        }

        @Override
        double mean(double mean, double variance) {
            return mean;
        }
    },
    /** a(u) = max(u, 0). */
    RELU {
        @Override
        double at(double u) {
            return Math.max(u, 0.0);
        }

        @Override
        double mean(double mean, double variance) {
            return Expected.relu(mean, variance);
        }
    },
    /** a(u) = tanh u. */
    TANH {
        @Override
        double at(double u) {
            return Elementary.tanh(u);
        }

        @Override
        double mean(double mean, double variance) {
            return Expected.tanh(mean, variance);
        }
    },
    /** a(u) = 1/(1 + e⁻ᵘ). */
    SIGMOID {
        @Override
        double at(double u) {
            return Elementary.sigmoid(u);
        }

        @Override
        double mean(double mean, double variance) {
            return Expected.sigmoid(mean, variance);
        }
    };

    /** a(u). */
    abstract double at(double u);

    /** E[a(u)] for u ~ N(mean, variance). */
    abstract double mean(double mean, double variance);
}
