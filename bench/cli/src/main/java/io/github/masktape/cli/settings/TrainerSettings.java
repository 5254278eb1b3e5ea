// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.data.Targets;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Trainer;
import io.github.masktape.text.Decimal;
import org.jspecify.annotations.Nullable;

/**
 * The settings of training.
 *
 * @param epochs the passes over the training data
 * @param learningRate the learning rate of the first step
 * @param schedule the course of the learning rate
 * @param patience the number of epochs without improvement after which training stops; null to run all and keep the
 *     last weights
 * @param steps the settings of a step
 */
public record TrainerSettings(
        Epochs epochs,
        double learningRate,
        Schedule schedule,
        @Nullable Integer patience,
        StepSettings steps) {
    private static final double SLOWER = 4;

    /** The number of steps in an epoch with this many examples. */
    public long stepsPerEpoch(int examples) {
        return steps.perEpoch(examples);
    }

    /** The learning rate of each step, with this many examples. */
    public LearningRate learningRates(int examples) {
        return schedule.of(learningRate, epochs, stepsPerEpoch(examples));
    }

    /** A trainer of a net on examples with these targets. */
    public Trainer trainer(Sequential net, Targets targets) {
        Trainer trainer = steps.trainer(net, learningRates(targets.size()), epochs.total(), targets);
        return patience == null ? trainer : trainer.withPatience(patience);
    }

    /** These settings with another seed. */
    TrainerSettings withSeed(long seed) {
        return new TrainerSettings(epochs, learningRate, schedule, patience, steps.withSeed(seed));
    }

    /** These settings with a quarter of the learning rate, for a run that has diverged. */
    public TrainerSettings slower() {
        return new TrainerSettings(epochs, learningRate / SLOWER, schedule, patience, steps);
    }

    /** These settings with a patience that lasts for the whole run, so that the best epoch is kept. */
    public TrainerSettings keepingBest() {
        return new TrainerSettings(epochs, learningRate, schedule, Integer.valueOf(epochs.total()), steps);
    }

    /** These settings with a further cycle of epochs; a patience that lasts for the whole run still does so. */
    public TrainerSettings extendedTo(int end) {
        Integer longer = patience != null && runsAll() ? Integer.valueOf(end) : patience;
        return new TrainerSettings(epochs.extendedTo(end), learningRate, schedule, longer, steps);
    }

    /** True if the run cannot end early. */
    public boolean runsAll() {
        return patience == null || patience >= epochs.total();
    }

    @Override
    public String toString() {
        return epochs.total() + (epochs.total() == 1 ? " epoch" : " epochs") + " in batches of " + steps.batchSize()
                + ", learning rate " + Decimal.shortest(learningRate, 10) + " " + schedule + steps
                + (patience == null ? "" : runsAll() ? ", best epoch kept" : ", patience " + patience);
    }
}
