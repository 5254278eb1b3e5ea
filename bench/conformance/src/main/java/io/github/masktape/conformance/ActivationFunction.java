// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

/** A function applied to a layer's outputs. */
public enum ActivationFunction {
    /** The identity, a(u) = u. */
    IDENTITY {
        @Override
        public double at(double u) {
            return u;
        }
    },
    /** The rectified linear unit, a(u) = max(u, 0). */
    RELU {
        @Override
        public double at(double u) {
            return Math.max(u, 0.0);
        }
    },
    /** The hyperbolic tangent, a(u) = tanh u. */
    TANH {
        @Override
        public double at(double u) {
            return Math.tanh(u);
        }
    },
    /** The logistic function, a(u) = 1/(1 + e⁻ᵘ). */
    SIGMOID {
        @Override
        public double at(double u) {
            return 1 / (1 + Math.exp(-u));
        }
    };

    /** The value a(u). */
    public abstract double at(double u);
}
