// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import io.github.masktape.tensor.Mask;

/**
 * The settings of a {@link Training}.
 *
 * @param data moons, spirals or digits
 * @param seed the seed of data, weights, order and masks
 * @param dropProbability the drop probability of the layer between the two hidden ones
 * @param hidden units in each of the two hidden layers
 * @param examples the number of training examples, and of test examples
 * @param perBatch whether DropConnect draws one mask for the whole batch
 */
public record TrainingSettings(
        String data,
        long seed,
        double dropProbability,
        int hidden,
        int examples,
        int batchSize,
        double learningRate,
        double momentum,
        boolean perBatch) {
    /** Checks the values; the rate and the momentum are checked by the optimizer. */
    public TrainingSettings {
        if (!data.equals("moons") && !data.equals("spirals") && !data.equals("digits")) {
            throw new IllegalArgumentException("data: expected moons, spirals or digits, got \"" + data + "\"");
        }
        Mask.requireDropProbability(dropProbability);
        require("hidden", hidden, 1, 256);
        require("examples", examples, 10, 5000);
        require("batchSize", batchSize, 1, examples);
    }

    private static void require(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": expected " + least + "…" + most + ", got " + value);
        }
    }
}
