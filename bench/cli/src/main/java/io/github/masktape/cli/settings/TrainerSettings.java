package io.github.masktape.cli.settings;

import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Trainer;
import io.github.masktape.text.Decimal;
import org.jspecify.annotations.Nullable;

/**
 * How a network is trained.
 *
 * @param epochs passes over the training data
 * @param learningRate of the first step
 * @param schedule of the learning rate
 * @param patience the number of epochs without anything better after which training stops; null to run all
 * @param steps what a step does
 */
public record TrainerSettings(
        int epochs,
        double learningRate,
        Schedule schedule,
        @Nullable Integer patience,
        StepSettings steps) {
    /** The number of steps in an epoch of so many examples. */
    public long stepsPerEpoch(int examples) {
        return steps.perEpoch(examples);
    }

    /** The learning rate of each step, on so many examples. */
    public LearningRate learningRates(int examples) {
        return schedule.of(learningRate, epochs, stepsPerEpoch(examples));
    }

    /** Training of a net on so many examples. */
    public Trainer trainer(Sequential net, int examples) {
        Trainer trainer = steps.trainer(net, learningRates(examples), epochs);
        return patience == null ? trainer : trainer.withPatience(patience);
    }

    @Override
    public String toString() {
        return epochs + (epochs == 1 ? " epoch" : " epochs") + " in batches of " + steps.batchSize()
                + ", learning rate " + Decimal.shortest(learningRate, 10) + " " + schedule + steps
                + (patience == null ? "" : ", patience " + patience);
    }
}
