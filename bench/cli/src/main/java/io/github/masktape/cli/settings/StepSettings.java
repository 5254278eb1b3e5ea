// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.Labels;
import io.github.masktape.data.TargetKind;
import io.github.masktape.data.Targets;
import io.github.masktape.layers.Sequential;
import io.github.masktape.loss.CrossEntropy;
import io.github.masktape.loss.Loss;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Trainer;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of a training step, except its learning rate.
 *
 * @param batchSize the number of examples in a step
 * @param optimizer the kind of optimizer
 * @param momentum the momentum of SGD, in [0, 1)
 * @param weightDecay the weight decay, at least 0
 * @param clip the limit of the norm of the gradients
 * @param labelSmoothing the share of each label that is spread over all classes, in [0, 1)
 * @param classWeights the weights of the classes in the loss
 * @param seed the seed of initial weights, shuffling and masks
 */
public record StepSettings(
        int batchSize,
        OptimizerKind optimizer,
        double momentum,
        double weightDecay,
        GradientNorm clip,
        double labelSmoothing,
        ClassWeights classWeights,
        long seed) {
    /**
     * The weights of the classes in the loss.
     *
     * @param balanced true to give all classes the same total weight
     * @param byName otherwise, the weights of some classes; those of the rest are 1
     */
    public record ClassWeights(boolean balanced, Map<String, Double> byName) {
        /** All classes count the same. */
        public static final ClassWeights NONE = new ClassWeights(false, Map.of());

        /** All classes have the same total weight: n / (k·n[c]) with n[c] of n examples, and k classes that have any. */
        public static final ClassWeights BALANCED = new ClassWeights(true, Map.of());

        /** Copies the map, in its order. */
        public ClassWeights {
            byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        }

        /** True if all classes count the same. */
        public boolean isNone() {
            return !balanced && byName.isEmpty();
        }

        /** The weight of each class, such that their mean over the examples with these labels is 1. */
        double[] of(Labels labels) {
            int[] counts = labels.counts();
            double[] weights = new double[counts.length];
            double sum = 0;
            for (int c = 0; c < weights.length; c++) {
                weights[c] = balanced
                        ? 1.0 / Math.max(1, counts[c])
                        : byName.getOrDefault(labels.names().get(c), 1.0);
                sum += counts[c] * weights[c];
            }
            for (int c = 0; c < weights.length; c++) {
                weights[c] *= labels.size() / sum;
            }
            return weights;
        }

        /** The value of the option: {@code none}, {@code balanced} or {@code yes=5,no=1}. */
        @Override
        public String toString() {
            if (isNone()) {
                return "none";
            }
            List<String> pairs = new ArrayList<>();
            byName.forEach((name, weight) -> pairs.add(name + "=" + Decimal.exact(weight)));
            return balanced ? "balanced" : new Texts(pairs).toString();
        }
    }

    /** These settings with another seed. */
    StepSettings withSeed(long seed) {
        return new StepSettings(batchSize, optimizer, momentum, weightDecay, clip, labelSmoothing, classWeights, seed);
    }

    /** Refuses settings that do not go with the task that the data turned out to define. */
    public void requireTaskOf(ExampleSets examples) {
        if (labelSmoothing > 0 && examples.preprocessing().targets() instanceof TargetKind.Quantities) {
            throw new Failure("--label-smoothing: expected a classification, got a regression");
        }
        if (classWeights.isNone()) {
            return;
        }
        if (!(examples.preprocessing().targets() instanceof TargetKind.Classes classes)) {
            throw new Failure("--class-weights: expected a classification, got a regression");
        }
        for (String name : classWeights.byName().keySet()) {
            if (!classes.names().contains(name)) {
                throw new Failure("--class-weights: expected names of classes, such as "
                        + Printable.line(classes.names().get(0)) + ", got " + Printable.line(name));
            }
        }
    }

    /** The number of steps in an epoch with this many examples. */
    public long perEpoch(int examples) {
        return (examples - 1L) / batchSize + 1;
    }

    /**
     * A trainer of a net with these steps.
     *
     * @param targets those of the training examples
     */
    public Trainer trainer(Sequential net, LearningRate learningRate, int epochs, Targets targets) {
        Trainer trainer = new Trainer(
                net, optimizer.of(net.parameters(), learningRate, momentum, weightDecay), epochs, batchSize, seed);
        trainer = labelSmoothing == 0 && classWeights.isNone() ? trainer : trainer.withLoss(loss(targets));
        return clip.isLimit() ? trainer.withClippedGradients(clip.value()) : trainer;
    }

    /** The loss of these steps for the targets of the training examples. */
    public Loss loss(Targets targets) {
        if (!(targets instanceof Labels labels)) {
            return Loss.of(targets);
        }
        CrossEntropy loss = Loss.crossEntropy().withLabelSmoothing(labelSmoothing);
        return classWeights.isNone() ? loss : loss.withClassCosts(classWeights.of(labels));
    }

    /** The settings in words, to follow the learning rate in a description. */
    @Override
    public String toString() {
        return (optimizer.hasMomentum() ? ", momentum " + Decimal.shortest(momentum, 10) : ", " + optimizer)
                + (weightDecay == 0 ? "" : ", weight decay " + Decimal.shortest(weightDecay, 3))
                + (clip.isLimit() ? ", gradients of norm at most " + clip : "")
                + (labelSmoothing == 0 ? "" : ", label smoothing " + Decimal.shortest(labelSmoothing, 10))
                + (classWeights.isNone() ? "" : ", class weights " + Printable.line(classWeights.toString()));
    }
}
