package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Batches;
import io.github.masktape.data.Dataset;
import io.github.masktape.tensor.Decimal;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Training of a classifier by its cross-entropy: epochs of shuffled batches, a step of the optimizer for each.
 *
 * <p>The result is a function of the network's first weights, the data, the optimizer's settings, the batch size, the
 * number of epochs and the seed (of shuffling and masks): the same bits on any machine with any number of threads.
 */
public final class Trainer {
    /** A loss in nats that no run comes back from: it gives the right classes e⁻¹⁰⁰⁰⁰⁰⁰ on average. */
    private static final double HOPELESS = 1e6;

    private final Layer net;
    private final Optimizer optimizer;
    private final int epochs;
    private final int batchSize;
    private final long seed;
    private final Workspace workspace = new Workspace();

    /**
     * A training run to be.
     *
     * @param optimizer of the net's parameters
     * @param seed of shuffling and masks
     */
    public Trainer(Layer net, Optimizer optimizer, int epochs, int batchSize, long seed) {
        if (epochs < 1) {
            throw new IllegalArgumentException("epochs must be at least 1, got " + epochs);
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize must be at least 1, got " + batchSize);
        }
        this.net = net;
        this.optimizer = optimizer;
        this.epochs = epochs;
        this.batchSize = batchSize;
        this.seed = seed;
    }

    /** Told of the progress of a run, in the thread that trains. */
    public interface Listener {
        /** A step was made. */
        default void step(Step step) {}

        /** An epoch is over. */
        default void epoch(Epoch epoch) {}
    }

    /**
     * One step.
     *
     * @param epoch the epoch, from 1
     * @param number the step, counted from 1 through all epochs
     * @param total the number of steps of the run
     * @param loss the mean cross-entropy of the batch before the step, in nats
     */
    public record Step(int epoch, long number, long total, double loss) {}

    /**
     * The metrics of an epoch.
     *
     * @param epoch the epoch, from 1
     * @param trainingLoss the mean over its batches of the loss before each step, in nats
     * @param test the evaluation on the test set afterwards
     */
    public record Epoch(int epoch, double trainingLoss, Evaluation test) {}

    /**
     * How a network does on a dataset.
     *
     * @param errors the examples whose largest logit is not their label's
     * @param examples the examples in all
     * @param loss the mean cross-entropy, in nats
     */
    public record Evaluation(int errors, int examples, double loss) {
        /** The share of examples that are wrong, in 0…1. */
        public double errorRate() {
            return (double) errors / examples;
        }
    }

    /**
     * Runs all epochs.
     *
     * @return the metrics of each epoch
     * @throws ArithmeticException if a loss or gradient is NaN or infinite, or a loss above 10⁶; the parameters are those
     *     before that step, and the message names epoch, step and, of a NaN or infinity, the op where it began
     */
    public List<Epoch> fit(Dataset training, Dataset test, Listener listener) {
        Batches batches = Batches.of(training, batchSize).shuffled(seed);
        List<Epoch> history = new ArrayList<>();
        for (int epoch = 1; epoch <= epochs; epoch++) {
            double sum = 0;
            for (Batch batch : batches.epoch(epoch)) {
                double loss = step(batch, epoch);
                sum += loss;
                listener.step(new Step(epoch, batch.step() + 1, (long) epochs * batches.perEpoch(), loss));
            }
            Epoch metrics = new Epoch(epoch, sum / batches.perEpoch(), evaluate(net, test));
            history.add(metrics);
            listener.epoch(metrics);
        }
        return history;
    }

    private double step(Batch batch, int epoch) {
        Tape tape = new Tape(workspace);
        Variable loss = loss(tape, batch, batch.features(workspace));
        double value = loss.value().item();
        if (!(value < HOPELESS)) {
            throw diverged(
                    batch, epoch, "the loss is " + (Double.isFinite(value) ? Decimal.scientific(value, 1) : value));
        }
        Gradients gradients = tape.backward(loss);
        for (Map.Entry<String, Parameter> entry : net.parameters().entrySet()) {
            if (!gradients.of(entry.getValue()).isFinite()) {
                throw diverged(batch, epoch, "the gradient of " + entry.getKey() + " is not finite");
            }
        }
        optimizer.step(gradients);
        return value;
    }

    private Variable loss(Tape tape, Batch batch, Tensor features) {
        Variable logits = net.forward(tape.constant(features), Pass.training(seed, batch.step()));
        return Ops.softmaxCrossEntropy(logits, batch.labels());
    }

    /** The step again, on a tape that looks at every value: a pass is a value, so its masks are the same. */
    private ArithmeticException diverged(Batch batch, int epoch, String what) {
        String where = "";
        try {
            Tape tape = new Tape(Tape.Check.FINITE);
            tape.backward(loss(tape, batch, batch.features()));
        } catch (ArithmeticException first) {
            where = "; first at " + first.getMessage();
        }
        return new ArithmeticException("training diverged in epoch " + epoch + ", step " + (batch.step() + 1) + ": "
                + what + where + "; try a smaller learning rate");
    }

    /** Counts a network's errors on a dataset, in inference. */
    public static Evaluation evaluate(Layer net, Dataset data) {
        int errors = 0;
        double loss = 0;
        Workspace workspace = new Workspace();
        for (Batch batch : Batches.of(data, Math.min(data.size(), 500)).epoch(1)) {
            Tape tape = Tape.inference(workspace);
            Variable logits = net.forward(tape.constant(batch.features(workspace)), Pass.inference());
            int[] labels = batch.labels();
            loss += Ops.softmaxCrossEntropy(logits, labels).value().item() * labels.length;
            int[] predicted = logits.value().argMaxRows();
            for (int i = 0; i < predicted.length; i++) {
                errors += predicted[i] == labels[i] ? 0 : 1;
            }
        }
        workspace.recycle();
        return new Evaluation(errors, data.size(), loss / data.size());
    }
}
