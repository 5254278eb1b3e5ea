// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Mask;
import io.github.masktape.text.Decimal;

/**
 * Dropout of activations: in training each element of each example is dropped independently.
 *
 * <pre>
 *   Y = X ⊙ M        X n×d; M = 0 with probability p = dropProbability, else 1/(1 − p); inference: Y = X
 * </pre>
 *
 * <p>Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks from
 * Overfitting", JMLR 15, 2014.
 */
public final class Dropout implements Layer {
    private final double dropProbability;

    /**
     * A layer that drops with the given probability.
     *
     * @throws IllegalArgumentException if {@code dropProbability} is not in [0, 1)
     */
    public Dropout(double dropProbability) {
        Mask.requireDropProbability(dropProbability);
        this.dropProbability = dropProbability;
    }

    /** The probability p that an element is dropped. */
    public double dropProbability() {
        return dropProbability;
    }

    @Override
    public Variable forward(Variable x, Pass pass) {
        if (!pass.drops()) {
            return x;
        }
        if (x.shape().rank() != 2) {
            throw new IllegalArgumentException(pass.describe(this)
                    + ": expected a matrix of one example a row, got a tensor of shape " + x.shape());
        }
        return Ops.mask(
                x, pass.on(x.tape(), this).mask(1, x.shape().dim(0), x.shape().dim(1), dropProbability));
    }

    /** The name and the probability: {@code Dropout 0.5}. */
    @Override
    public String toString() {
        return "Dropout " + Decimal.shortest(dropProbability, 6);
    }
}
