// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Activation;

/** Rectified linear unit, max(x, 0) element by element. */
public final class ReLU implements ActivationLayer {
    /** A ReLU layer, which has no parameters. */
    public ReLU() {}

    @Override
    public Variable forward(Variable x, Pass pass) {
        return Ops.relu(x);
    }

    @Override
    public Activation activation() {
        return Activation.RELU;
    }

    /** The text {@code ReLU}. */
    @Override
    public String toString() {
        return "ReLU";
    }
}
