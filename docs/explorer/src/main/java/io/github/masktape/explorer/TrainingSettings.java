// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import io.github.masktape.tensor.Mask;
import java.util.List;

/**
 * The settings of a {@link Training}.
 *
 * @param data one of {@link #DATA}
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
    /**
     * The data.
     *
     * <pre>
     * moons           two half moons
     * moons-wrong     a quarter of their labels wrong, in training only
     * moons-useless   20 inputs more, which say nothing about the class
     * spirals, digits
     * </pre>
     */
    public static final List<String> DATA = List.of("moons", "moons-wrong", "moons-useless", "spirals", "digits");

    /** Checks the values; the rate and the momentum are checked by the optimizer. */
    public TrainingSettings {
        if (!DATA.contains(data)) {
            throw new IllegalArgumentException(
                    "data: expected one of " + String.join(", ", DATA) + ", got \"" + data + "\"");
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
