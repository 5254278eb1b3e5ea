// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Activation;

/** Logistic function 1/(1 + e⁻ˣ), element by element. */
public final class Sigmoid implements ActivationLayer {
    /** A sigmoid layer, which has no parameters. */
    public Sigmoid() {}

    @Override
    public Variable forward(Variable x, Pass pass) {
        return Ops.sigmoid(x);
    }

    @Override
    public Activation activation() {
        return Activation.SIGMOID;
    }

    /** The text {@code Sigmoid}. */
    @Override
    public String toString() {
        return "Sigmoid";
    }
}
