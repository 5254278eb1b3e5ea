// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.TargetKind;
import io.github.masktape.data.Targets;
import io.github.masktape.layers.Sequential;
import io.github.masktape.loss.Loss;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Trainer;
import io.github.masktape.text.Decimal;

/**
 * The settings of a training step, except its learning rate.
 *
 * @param batchSize the number of examples in a step
 * @param optimizer the kind of optimizer
 * @param momentum the momentum of SGD, in [0, 1)
 * @param weightDecay the weight decay, at least 0
 * @param clip the limit of the norm of the gradients
 * @param labelSmoothing the share of each label that is spread over all classes, in [0, 1)
 * @param seed the seed of initial weights, shuffling and masks
 */
public record StepSettings(
        int batchSize,
        OptimizerKind optimizer,
        double momentum,
        double weightDecay,
        GradientNorm clip,
        double labelSmoothing,
        long seed) {
    /** Refuses settings that do not go with the task that the data turned out to define. */
    public void requireTaskOf(ExampleSets examples) {
        if (labelSmoothing > 0 && examples.preprocessing().targets() instanceof TargetKind.Quantities) {
            throw new Failure("--label-smoothing: expected a classification, got a regression");
        }
    }

    /** The number of steps in an epoch with this many examples. */
    public long perEpoch(int examples) {
        return (examples - 1L) / batchSize + 1;
    }

    /** A trainer of a net with these steps. */
    public Trainer trainer(Sequential net, LearningRate learningRate, int epochs) {
        Trainer trainer = new Trainer(
                net, optimizer.of(net.parameters(), learningRate, momentum, weightDecay), epochs, batchSize, seed);
        trainer = labelSmoothing == 0
                ? trainer
                : trainer.withLoss(Loss.crossEntropy().withLabelSmoothing(labelSmoothing));
        return clip.isLimit() ? trainer.withClippedGradients(clip.value()) : trainer;
    }

    /** The loss of these steps for a kind of targets. */
    public Loss loss(Targets targets) {
        return labelSmoothing == 0 ? Loss.of(targets) : Loss.crossEntropy().withLabelSmoothing(labelSmoothing);
    }

    /** The settings in words, to follow the learning rate in a description. */
    @Override
    public String toString() {
        return (optimizer.hasMomentum() ? ", momentum " + Decimal.shortest(momentum, 10) : ", " + optimizer)
                + (weightDecay == 0 ? "" : ", weight decay " + Decimal.shortest(weightDecay, 10))
                + (clip.isLimit() ? ", gradients of norm at most " + clip : "")
                + (labelSmoothing == 0 ? "" : ", label smoothing " + Decimal.shortest(labelSmoothing, 10));
    }
}
