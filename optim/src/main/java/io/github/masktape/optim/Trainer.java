package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.data.Dataset;
import io.github.masktape.tensor.Workspace;
import io.github.masktape.text.Decimal;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Training by gradient descent: epochs of shuffled batches, with one step of the optimizer for each batch. The loss of
 * a classifier is the cross-entropy, that of a regression the mean squared error.
 *
 * <p>The result is a function of the network's first weights, the data, the optimizer's settings, the batch size, the
 * number of epochs and the seed (of shuffling and masks): the same bits on any machine with any number of threads, and
 * whether the run was stopped and resumed or not. It does not depend on the order of {@link Layer#parameters}: where
 * order matters, they are taken by name. A trainer is immutable: the methods that begin with {@code with} return
 * another one.
 *
 * <p>{@link #fit} can be called again, to train further or with other data. Shuffling, masks and learning rates
 * continue after the steps that the optimizer has made: two runs of ten epochs each equal one of twenty.
 */
public final class Trainer {
    final Layer net;
    final Optimizer optimizer;
    final int epochs;
    final int batchSize;
    final long seed;
    final Adjustments settings;
    final Workspace workspace = new Workspace();
    final AtomicBoolean stopRequested = new AtomicBoolean();

    /**
     * The settings that the methods beginning with {@code with} change.
     *
     * @param labelSmoothing 0 for none
     * @param maxNorm the largest norm of the gradients, infinite for no limit
     * @param patience 0 for none
     * @param saving null if no checkpoints are written
     */
    record Adjustments(
            double labelSmoothing,
            double maxNorm,
            int patience,
            @Nullable Saving saving) {}

    /**
     * The settings of checkpoints.
     *
     * @param seconds the longest time between two checkpoints within an epoch
     * @param extra the metadata that a file holds besides the state of the run
     */
    record Saving(File file, double seconds, Map<String, String> extra) {}

    /**
     * Configures a training run.
     *
     * @param optimizer an optimizer of all or some of the net's parameters; the rest stay as they are, which freezes
     *     their layers
     * @param seed the seed of shuffling and masks
     * @throws IllegalArgumentException if the optimizer has parameters that the net does not have, or none
     */
    public Trainer(Layer net, Optimizer optimizer, int epochs, int batchSize, long seed) {
        this(net, optimizer, epochs, batchSize, seed, new Adjustments(0, Double.POSITIVE_INFINITY, 0, null));
        requirePositive("epochs", epochs);
        requirePositive("batchSize", batchSize);
        requireOwner(net, optimizer);
    }

    private Trainer(Layer net, Optimizer optimizer, int epochs, int batchSize, long seed, Adjustments settings) {
        this.net = net;
        this.optimizer = optimizer;
        this.epochs = epochs;
        this.batchSize = batchSize;
        this.seed = seed;
        this.settings = settings;
    }

    private Trainer with(Adjustments settings) {
        return new Trainer(net, optimizer, epochs, batchSize, seed, settings);
    }

    static void requireOwner(Layer net, Optimizer optimizer) {
        Collection<Parameter> trained = optimizer.parameters();
        Collection<Parameter> owned = net.parameters().values();
        long foreign =
                trained.stream().filter(parameter -> !owned.contains(parameter)).count();
        if (trained.isEmpty() || foreign > 0) {
            throw new IllegalArgumentException("optimizer: expected parameters of the network, got "
                    + (trained.isEmpty() ? "none" : foreign + " of " + trained.size() + " that it does not have")
                    + "; make the optimizer from net.parameters()");
        }
    }

    private static void requirePositive(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + ": expected at least 1, got " + value);
        }
    }

    /** A listener to the progress of a run, called in the thread that trains. */
    public interface Listener {
        /** A step was made. */
        default void step(Step step) {}

        /** An epoch is finished, and saved if that was requested. */
        default void epoch(Epoch epoch) {}

        /** A checkpoint was written. */
        default void saved(File file, Checkpoint checkpoint) {}

        /**
         * A checkpoint could not be written; the previous one still exists. By default this ends the run with an
         * exception; if the method is overridden and returns, the run continues.
         */
        default void notSaved(File file, IOException problem) {
            throw new UncheckedIOException(problem.getMessage(), problem);
        }
    }

    /**
     * A step of a run.
     *
     * @param epoch the epoch of this run, from 1
     * @param number the step, counted from 1 through all epochs of this run
     * @param total the number of steps of the run, unless it ends early
     * @param loss the loss of the batch before the step: mean cross-entropy in nats, or mean squared error
     */
    public record Step(int epoch, long number, long total, double loss) {}

    /**
     * The metrics of an epoch.
     *
     * @param epoch the epoch, from 1
     * @param trainingLoss the mean, over the epoch's batches, of the loss before each step
     * @param validation the evaluation on the validation set after the epoch, or null if there is none
     */
    public record Epoch(
            int epoch, double trainingLoss, @Nullable Evaluation validation) {}

    /** The reason why a run ended. */
    public enum Ending {
        /** All epochs are finished. */
        COMPLETE,
        /** The validation set showed no improvement for as many epochs as the patience allows. */
        OUT_OF_PATIENCE,
        /** {@link Trainer#stop} was called; the net has the weights of the last step. */
        STOPPED
    }

    /**
     * The course of a run.
     *
     * @param epochs the finished epochs, including those before the run was resumed
     * @param bestEpoch the epoch with the best validation result, from 1; 0 if there is none
     * @param ending the reason why it ended
     */
    public record History(List<Epoch> epochs, int bestEpoch, Ending ending) {
        /** The last finished epoch. */
        public Epoch last() {
            return epochs.get(epochs.size() - 1);
        }
    }

    // ---- settings ----

    /** A trainer that spreads a share of each label over all classes; see {@link Ops#smoothedCrossEntropy}. */
    public Trainer withLabelSmoothing(double smoothing) {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException(
                    "labelSmoothing: expected a number in [0, 1), got " + Decimal.shortest(smoothing, 6));
        }
        return with(new Adjustments(smoothing, settings.maxNorm, settings.patience, settings.saving));
    }

    /**
     * A trainer that scales the gradients of the optimizer's parameters down if their norm is too large, see {@link
     * Gradients#clippedTo}.
     */
    public Trainer withClippedGradients(double maxNorm) {
        if (!(maxNorm > 0 && maxNorm <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "maxNorm: expected a positive, finite number, got " + Decimal.shortest(maxNorm, 6));
        }
        return with(new Adjustments(settings.labelSmoothing, maxNorm, settings.patience, settings.saving));
    }

    /**
     * A trainer that ends a run once this many epochs have brought no {@linkplain Evaluation#isBetterThan better}
     * result on the validation set, and always gives the net the weights of the best epoch at the end.
     */
    public Trainer withPatience(int epochs) {
        requirePositive("patience", epochs);
        return with(new Adjustments(settings.labelSmoothing, settings.maxNorm, epochs, settings.saving));
    }

    /** A trainer that writes a {@link Checkpoint} at the start and at the end of each epoch. */
    public Trainer withCheckpoint(File file) {
        return withCheckpoint(file, Double.POSITIVE_INFINITY, Map.of());
    }

    /**
     * A trainer that writes a {@link Checkpoint} at the start, at the end of each epoch, and in between when {@code
     * seconds} have passed since the last one.
     *
     * @param extra metadata to store in the file
     */
    public Trainer withCheckpoint(File file, double seconds, Map<String, String> extra) {
        if (!(seconds >= 0)) {
            throw new IllegalArgumentException("seconds: expected at least 0, got " + Decimal.shortest(seconds, 6));
        }
        Checkpoint.requireFreeNames(net.parameters(), extra);
        Saving saving = new Saving(file, seconds, Collections.unmodifiableMap(new LinkedHashMap<>(extra)));
        return with(new Adjustments(settings.labelSmoothing, settings.maxNorm, settings.patience, saving));
    }

    // ---- running ----

    /**
     * Asks the run to end after its current step, with a checkpoint if it writes any; callable from any thread at any
     * time.
     */
    public void stop() {
        stopRequested.set(true);
    }

    /** Runs all epochs without a validation set. */
    public History fit(Dataset training) {
        return fit(training, null, new Listener() {});
    }

    /** Runs all epochs, and evaluates on the validation set after each. */
    public History fit(Dataset training, Dataset validation) {
        return fit(training, validation, new Listener() {});
    }

    /**
     * Runs all epochs and reports to a listener.
     *
     * @throws IllegalStateException if the optimizer's learning rate is 0 in all remaining steps, as after the end of a
     *     schedule; or, at the end of an epoch, if the network has not had one of the optimizer's parameters on a tape,
     *     neither in training nor in inference, so that it would never learn
     * @throws DivergenceException if a loss, gradient or output is NaN or infinite, or a cross-entropy exceeds 10⁶; the
     *     parameters are those before that step, and the message names the epoch, the step and, for a NaN or infinity,
     *     the op where it began
     * @throws NotFiniteOutputException if an output is NaN or infinite for an example of the validation set that has a
     *     far too large feature
     * @throws IllegalArgumentException if the data do not match each other, the network's dtype, or the settings
     * @throws UncheckedIOException if a checkpoint cannot be written and the listener does not override {@code
     *     notSaved}
     */
    public History fit(Dataset training, @Nullable Dataset validation, Listener listener) {
        return run(training, validation, listener, null);
    }

    /** Continues from a checkpoint, without a validation set. */
    public History resume(Checkpoint checkpoint, Dataset training) {
        return resume(checkpoint, training, null, new Listener() {});
    }

    /** Continues from a checkpoint, and evaluates on the validation set after each epoch. */
    public History resume(Checkpoint checkpoint, Dataset training, Dataset validation) {
        return resume(checkpoint, training, validation, new Listener() {});
    }

    /**
     * Continues from a checkpoint: the rest of the run that {@link #fit} would have made. It refuses if the data, a
     * setting that the steps made depend on, or the function that the net computes has changed. Settings of the
     * remaining steps may change: the number of epochs, if the schedule does not depend on it, the patience, and the
     * rest of the schedule.
     *
     * @throws IllegalArgumentException if the checkpoint belongs to another run; for other causes and exceptions see
     *     {@link #fit(Dataset, Dataset, Listener)}
     */
    public History resume(Checkpoint checkpoint, Dataset training, @Nullable Dataset validation, Listener listener) {
        return run(training, validation, listener, checkpoint);
    }

    private History run(
            Dataset training, @Nullable Dataset validation, Listener listener, @Nullable Checkpoint resumed) {
        try {
            return new Run(this, training, validation, listener, resumed).toEnd();
        } finally {
            stopRequested.set(false);
        }
    }
}
