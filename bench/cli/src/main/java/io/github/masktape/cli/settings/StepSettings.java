package io.github.masktape.cli.settings;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.TargetKind;
import io.github.masktape.data.Targets;
import io.github.masktape.layers.Sequential;
import io.github.masktape.loss.Loss;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.optim.Trainer;
import io.github.masktape.text.Decimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a training step, except its learning rate.
 *
 * @param batchSize the number of examples in a step
 * @param momentum the momentum, in [0, 1)
 * @param weightDecay the weight decay, at least 0
 * @param clip the limit of the norm of the gradients; null for no limit
 * @param labelSmoothing the share of each label that is spread over all classes, in [0, 1)
 * @param seed the seed of initial weights, shuffling and masks
 */
public record StepSettings(
        int batchSize,
        double momentum,
        double weightDecay,
        @Nullable GradientNorm clip,
        double labelSmoothing,
        long seed) {
    /** These settings with the default for the data's kind where {@link #clip} is not set: 1 for a table. */
    public StepSettings withDefaultsFor(DataSettings data) {
        return clip != null || !data.isTable()
                ? this
                : new StepSettings(batchSize, momentum, weightDecay, GradientNorm.ONE, labelSmoothing, seed);
    }

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
        SGD sgd = new SGD(net.parameters(), learningRate).withMomentum(momentum).withWeightDecay(weightDecay);
        Trainer trainer = new Trainer(net, sgd, epochs, batchSize, seed);
        trainer = labelSmoothing == 0
                ? trainer
                : trainer.withLoss(Loss.crossEntropy().withLabelSmoothing(labelSmoothing));
        return isClipped()
                ? trainer.withClippedGradients(Objects.requireNonNull(clip).value())
                : trainer;
    }

    /** The loss of these steps for a kind of targets. */
    public Loss loss(Targets targets) {
        return labelSmoothing == 0 ? Loss.of(targets) : Loss.crossEntropy().withLabelSmoothing(labelSmoothing);
    }

    /** True if the norm of the gradients is limited. */
    public boolean isClipped() {
        return clip != null && clip.isLimit();
    }

    /** The settings in words, to follow the learning rate in a description. */
    @Override
    public String toString() {
        return ", momentum " + Decimal.shortest(momentum, 10)
                + (weightDecay == 0 ? "" : ", weight decay " + Decimal.shortest(weightDecay, 10))
                + (isClipped() ? ", gradients of norm at most " + clip : "")
                + (labelSmoothing == 0 ? "" : ", label smoothing " + Decimal.shortest(labelSmoothing, 10));
    }
}
