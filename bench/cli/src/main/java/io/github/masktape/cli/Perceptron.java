package io.github.masktape.cli;

import io.github.masktape.autograd.Layer;
import io.github.masktape.layers.ActivationLayer;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.Initializer;
import java.util.ArrayList;
import java.util.List;

/**
 * The plan of a multilayer perceptron: hidden layers, all regularized in one way, and a linear layer on top.
 *
 * @param hidden the hidden layers in order
 * @param activation the function after each hidden layer
 * @param regularizer what the drop probabilities apply to
 * @param masks how many examples share a mask of DropConnect
 * @param masksBias true if DropConnect drops biases as well
 */
record Perceptron(List<Hidden> hidden, Activation activation, Regularizer regularizer, Masks masks, boolean masksBias) {
    /**
     * A hidden layer.
     *
     * @param width the number of its outputs
     * @param dropProbability of its weights or outputs; without a regularizer it has no effect
     */
    record Hidden(int width, double dropProbability) {}

    /** What keeps the network from learning its examples by heart. */
    enum Regularizer {
        NONE,
        DROPOUT,
        DROPCONNECT;

        @Override
        public String toString() {
            return Accepts.word(this);
        }
    }

    /** How many examples share a mask. */
    enum Masks {
        PER_EXAMPLE,
        PER_BATCH;

        @Override
        public String toString() {
            return Accepts.word(this);
        }
    }

    /** The network with its initial weights: He's for ReLU, Glorot's for other functions. */
    Sequential network(int features, int outputs, long seed) {
        Initializer init =
                activation == Activation.RELU ? Initializer.heUniform(seed) : Initializer.glorotUniform(seed);
        List<Layer> layers = new ArrayList<>();
        int in = features;
        for (Hidden layer : hidden) {
            layers.add(
                    regularizer == Regularizer.DROPCONNECT
                            ? dropConnect(in, layer, init)
                            : Linear.of(in, layer.width, init));
            layers.add(ActivationLayer.of(activation));
            if (regularizer == Regularizer.DROPOUT) {
                layers.add(new Dropout(layer.dropProbability));
            }
            in = layer.width;
        }
        layers.add(Linear.of(in, outputs, init));
        return Sequential.of(layers);
    }

    private DropConnect dropConnect(int in, Hidden hidden, Initializer init) {
        DropConnect layer = DropConnect.of(in, hidden.width, hidden.dropProbability, init);
        layer = masks == Masks.PER_BATCH ? layer.withMaskPerBatch() : layer;
        return masksBias ? layer.withMaskedBias() : layer;
    }
}
