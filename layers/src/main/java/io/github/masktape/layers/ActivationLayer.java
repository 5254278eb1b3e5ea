// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.tensor.Activation;

/** A layer that applies a function element by element. It has no parameters. */
public sealed interface ActivationLayer extends Layer permits ReLU, Tanh, Sigmoid {
    /**
     * The layer of a function.
     *
     * @throws IllegalArgumentException for the identity, which needs no layer
     */
    static ActivationLayer of(Activation activation) {
        return switch (activation) {
            case RELU -> new ReLU();
            case TANH -> new Tanh();
            case SIGMOID -> new Sigmoid();
            case IDENTITY ->
                throw new IllegalArgumentException("activation: expected a function with a layer, got identity");
        };
    }

    /** The function that the layer applies. */
    Activation activation();
}
