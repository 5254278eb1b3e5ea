// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Activation;

/** Hyperbolic tangent, element by element. */
public final class Tanh implements ActivationLayer {
    /** A tanh layer, which has no parameters. */
    public Tanh() {}

    @Override
    public Variable forward(Variable x, Pass pass) {
        return Ops.tanh(x);
    }

    @Override
    public Activation activation() {
        return Activation.TANH;
    }

    /** The text {@code Tanh}. */
    @Override
    public String toString() {
        return "Tanh";
    }
}
