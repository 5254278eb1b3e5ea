// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

/**
 * All settings of a training run that its results depend on.
 *
 * @param data the data
 * @param net the network
 * @param training the training
 */
public record RunSettings(DataSettings data, NetSettings net, TrainerSettings training) {
    /** The seed of initial weights, shuffling and masks. */
    public long seed() {
        return training.steps().seed();
    }

    /** These settings with other ones for training. */
    public RunSettings with(TrainerSettings training) {
        return new RunSettings(data, net, training);
    }

    /**
     * These settings for the repetition of a training: the seeds of the network and of the draws are {@code repeat}
     * larger.
     */
    public RunSettings repeated(int repeat) {
        return new RunSettings(data.withSplitSeed(data.splitSeed() + repeat), net, training.withSeed(seed() + repeat));
    }
}
