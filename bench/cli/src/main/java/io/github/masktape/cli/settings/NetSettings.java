// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.autograd.Layer;
import io.github.masktape.layers.ActivationLayer;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.Initializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the network to train.
 *
 * @param hidden the sizes of its hidden layers
 * @param regularizer the kind of regularization
 * @param dropProbabilities the drop probabilities of the hidden layers
 * @param mask the sharing of DropConnect's masks
 * @param maskBias true if DropConnect drops biases as well
 * @param activation the activation after each hidden layer
 */
public record NetSettings(
        LayerSizes hidden,
        Regularizer regularizer,
        DropProbabilities dropProbabilities,
        MaskSharing mask,
        boolean maskBias,
        Activation activation) {
    /** The network with its initial weights: He's for ReLU, Glorot's for other functions. */
    public Sequential network(int features, int classes, long seed) {
        Initializer init =
                activation == Activation.RELU ? Initializer.heUniform(seed) : Initializer.glorotUniform(seed);
        List<Layer> layers = new ArrayList<>();
        int in = features;
        for (int i = 0; i < hidden.values().size(); i++) {
            int out = hidden.values().get(i);
            double dropped = dropProbabilities.ofLayer(i);
            layers.add(
                    regularizer == Regularizer.DROPCONNECT
                            ? dropConnect(in, out, dropped, init)
                            : Linear.of(in, out, init));
            layers.add(ActivationLayer.of(activation));
            if (regularizer == Regularizer.DROPOUT) {
                layers.add(new Dropout(dropped));
            }
            in = out;
        }
        layers.add(Linear.of(in, classes, init));
        return Sequential.of(layers);
    }

    private Layer dropConnect(int in, int out, double dropped, Initializer init) {
        DropConnect layer = DropConnect.of(in, out, dropped, init).withMaskSharing(mask);
        return maskBias ? layer.withMaskedBias() : layer;
    }

    /** A line about the masks, if there are any. */
    public Optional<String> masks() {
        if (regularizer != Regularizer.DROPCONNECT || hidden.values().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(mask + (maskBias ? ", of biases too" : "") + ", drop probability " + dropProbabilities);
    }

    /** The kinds of regularization. */
    public enum Regularizer {
        NONE,
        DROPOUT,
        DROPCONNECT;

        @Override
        public String toString() {
            return Word.of(this);
        }
    }
}
