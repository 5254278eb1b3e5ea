// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The problem that every side solves: sizes, one batch, initial weights and the optimizer's numbers, as plain arrays.
 *
 * @param units inputs, hidden units, outputs
 * @param features batch×inputs
 * @param labels a class for each example; empty if the loss is the mean squared error
 * @param targets batch×outputs: the labels as one-hot rows, or the numbers to predict
 * @param weights out×in, one for each layer; all biases are 0 at first
 * @param momentum the momentum of SGD, whose learning rate is {@link #LEARNING_RATE}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Problem(int[] units, float[] features, int[] labels, float[] targets, List<float[]> weights, double momentum) {
    static final double LEARNING_RATE = 0.01;
    static final double DROP_PROBABILITY = 0.5;

    /** The network 784-800-800-10 with ReLU, softmax cross-entropy and momentum 0.9, on 128 generated digits. */
    static Problem digits() {
        int[] units = {784, 800, 800, 10};
        Dataset data = GeneratedDigits.of(128, 1);
        int[] labels = data.labels();
        float[] oneHot = new float[labels.length * 10];
        for (int n = 0; n < labels.length; n++) {
            oneHot[n * 10 + labels[n]] = 1;
        }
        return new Problem(units, data.features().toFloatArray(), labels, oneHot, weights(units), 0.9);
    }

    /** The network 2-16-16-1 with ReLU, mean squared error and plain SGD, on 32 points of a smoothed XOR function. */
    static Problem small() {
        int[] units = {2, 16, 16, 1};
        RandomStream random = new RandomStream(1);
        float[] features = new float[64];
        float[] targets = new float[32];
        for (int n = 0; n < 32; n++) {
            features[2 * n] = (float) random.nextGaussian();
            features[2 * n + 1] = (float) random.nextGaussian();
            targets[n] = features[2 * n] * features[2 * n + 1];
        }
        return new Problem(units, features, new int[0], targets, weights(units), 0);
    }

    private static List<float[]> weights(int[] units) {
        Initializer init = Initializer.heUniform(1);
        List<float[]> weights = new ArrayList<>();
        for (int i = 1; i < units.length; i++) {
            weights.add(init.weight(units[i], units[i - 1]).toFloatArray());
        }
        return weights;
    }

    int layers() {
        return weights.size();
    }

    int in(int layer) {
        return units[layer];
    }

    int out(int layer) {
        return units[layer + 1];
    }

    int batch() {
        return features.length / units[0];
    }

    /** True for labels and cross-entropy; false for numbers and mean squared error. */
    boolean classifies() {
        return labels.length > 0;
    }

    /** True for a hidden layer, to which DropConnect applies if it is used. */
    boolean isHidden(int layer) {
        return layer < layers() - 1;
    }
}
