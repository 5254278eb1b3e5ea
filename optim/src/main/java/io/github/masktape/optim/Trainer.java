// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.data.BatchSource;
import io.github.masktape.data.Dataset;
import io.github.masktape.loss.Loss;
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
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Training by gradient descent: epochs of batches, with one step of the optimizer for each batch. The batches are those
 * of a dataset in memory, shuffled, or come from any {@link BatchSource}. The loss is the cross-entropy for class labels
 * and the mean squared error for values, unless another one is set by {@link #withLoss}.
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
    /** The number of examples in a batch, or null if batches come from a source. */
    final @Nullable Integer batchSize;

    final long seed;
    final Adjustments settings;
    final Workspace workspace = new Workspace();
    /** Shared with the trainers made from this one by {@code with…}. */
    final AtomicBoolean stopRequested;

    /**
     * The settings that the methods beginning with {@code with} change.
     *
     * @param loss null for the one that suits the targets
     * @param clipping the limits of the gradients
     * @param validation the batches to evaluate on after each epoch, or null if there are none or they are a dataset
     * @param patience 0 for none
     * @param saving null if no checkpoints are written
     */
    record Adjustments(
            @Nullable Loss loss,
            Clipping clipping,
            @Nullable BatchSource validation,
            int patience,
            @Nullable Saving saving) {}

    private static final Adjustments NO_ADJUSTMENTS =
            new Adjustments(null, new Clipping(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY), null, 0, null);

    /**
     * The limits of the gradients, each infinite for none.
     *
     * @param value the limit of each element, applied first
     * @param norm the limit of the norm
     */
    record Clipping(double value, double norm) {
        Gradients of(Gradients gradients) {
            Gradients limited = value < Double.POSITIVE_INFINITY ? gradients.clippedToValue(value) : gradients;
            return norm < Double.POSITIVE_INFINITY ? limited.clippedTo(norm) : limited;
        }
    }

    /**
     * The settings of checkpoints.
     *
     * @param seconds the longest time between two checkpoints within an epoch
     * @param extra the metadata that a file holds besides the state of the run
     */
    record Saving(File file, double seconds, Map<String, String> extra) {}

    /**
     * Configures a training run on datasets, which are cut into shuffled batches.
     *
     * @param optimizer an optimizer of all or some of the net's parameters; the rest stay as they are, which freezes
     *     their layers
     * @param seed the seed of shuffling and masks
     * @throws IllegalArgumentException if the optimizer has parameters that the net does not have, or none
     */
    public Trainer(Layer net, Optimizer optimizer, int epochs, int batchSize, long seed) {
        this(net, optimizer, epochs, Integer.valueOf(batchSize), seed, NO_ADJUSTMENTS, new AtomicBoolean());
        requirePositive("epochs", epochs);
        requirePositive("batchSize", batchSize);
        requireOwner(net, optimizer);
    }

    /**
     * Configures a training run on a {@link BatchSource}.
     *
     * @param optimizer an optimizer of all or some of the net's parameters
     * @param seed the seed of masks
     * @throws IllegalArgumentException if the optimizer has parameters that the net does not have, or none
     */
    public Trainer(Layer net, Optimizer optimizer, int epochs, long seed) {
        this(net, optimizer, epochs, null, seed, NO_ADJUSTMENTS, new AtomicBoolean());
        requirePositive("epochs", epochs);
        requireOwner(net, optimizer);
    }

    private Trainer(
            Layer net,
            Optimizer optimizer,
            int epochs,
            @Nullable Integer batchSize,
            long seed,
            Adjustments settings,
            AtomicBoolean stopRequested) {
        this.net = net;
        this.optimizer = optimizer;
        this.epochs = epochs;
        this.batchSize = batchSize;
        this.seed = seed;
        this.settings = settings;
        this.stopRequested = stopRequested;
    }

    private Trainer with(Adjustments settings) {
        return new Trainer(net, optimizer, epochs, batchSize, seed, settings, stopRequested);
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
     * @param total the number of steps of the run, unless it ends early; empty if the source of batches does not know it
     * @param loss the loss of the batch before the step, for example the mean cross-entropy in nats
     * @param epochLoss the mean loss over all examples of the epoch so far
     */
    public record Step(int epoch, long number, OptionalLong total, double loss, double epochLoss) {}

    /**
     * The metrics of an epoch.
     *
     * @param epoch the epoch, from 1
     * @param trainingLoss the mean, over the epoch's examples, of the loss before each step, see {@link Loss}
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

    /**
     * A trainer with another loss: one of {@link Loss}, or a lambda of your own. It is used in training, and for the
     * evaluation on the validation set, see {@link Metrics#evaluate(Layer, Dataset, Loss)}.
     */
    public Trainer withLoss(Loss loss) {
        return with(new Adjustments(loss, settings.clipping, settings.validation, settings.patience, settings.saving));
    }

    /**
     * A trainer that scales the gradients of the optimizer's parameters down if their norm is too large, see {@link
     * Gradients#clippedTo}.
     */
    public Trainer withClippedGradients(double maxNorm) {
        requireLimit("maxNorm", maxNorm);
        return with(new Clipping(settings.clipping.value, maxNorm));
    }

    /**
     * A trainer that limits each element of the gradients to −limit … limit, see {@link Gradients#clippedToValue}. A
     * limit of the norm, if there is one too, is applied after it.
     */
    public Trainer withClippedGradientValues(double limit) {
        requireLimit("limit", limit);
        return with(new Clipping(limit, settings.clipping.norm));
    }

    private static void requireLimit(String field, double limit) {
        if (!(limit > 0 && limit <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    field + ": expected a positive, finite number, got " + Decimal.shortest(limit, 6));
        }
    }

    private Trainer with(Clipping clipping) {
        return with(new Adjustments(settings.loss, clipping, settings.validation, settings.patience, settings.saving));
    }

    /**
     * A trainer that evaluates each epoch on batches from a source, see {@link Metrics#evaluate(Layer, BatchSource,
     * Loss)}, for a validation set that does not fit into memory. It takes the place of the validation set of {@code
     * fit} and {@code resume}.
     *
     * @param validation its first epoch is opened after each epoch of training, and must have the same batches each time
     */
    public Trainer withValidation(BatchSource validation) {
        return with(new Adjustments(settings.loss, settings.clipping, validation, settings.patience, settings.saving));
    }

    /**
     * A trainer that ends a run once this many epochs have brought no {@linkplain Evaluation#isBetterThan better}
     * result on the validation set, and always gives the net the weights of the best epoch at the end.
     */
    public Trainer withPatience(int epochs) {
        requirePositive("patience", epochs);
        return with(new Adjustments(settings.loss, settings.clipping, settings.validation, epochs, settings.saving));
    }

    /** A trainer that writes a {@link Checkpoint} at the start, at the end, and after epochs, at most two a second. */
    public Trainer withCheckpoint(File file) {
        return withCheckpoint(file, Double.POSITIVE_INFINITY, Map.of());
    }

    /**
     * A trainer that writes a {@link Checkpoint} at the start, at the end, after each epoch unless the last one was
     * written less than half a second before, and in between when {@code seconds} have passed since the last one.
     *
     * @param extra metadata to store in the file
     */
    public Trainer withCheckpoint(File file, double seconds, Map<String, String> extra) {
        if (!(seconds >= 0)) {
            throw new IllegalArgumentException("seconds: expected at least 0, got " + Decimal.shortest(seconds, 6));
        }
        Checkpoint.requireFreeNames(net.state(), extra);
        Saving saving = new Saving(file, seconds, Collections.unmodifiableMap(new LinkedHashMap<>(extra)));
        return with(new Adjustments(settings.loss, settings.clipping, settings.validation, settings.patience, saving));
    }

    // ---- running ----

    /**
     * Asks the run of this trainer, or of one made from it by {@code with…}, to end after its current step, with a
     * checkpoint if it writes any; callable from any thread at any time.
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
     *     the op where it began. Also if an epoch's mean squared error rises above 10⁶ times that of always predicting
     *     0, on a dataset; the parameters are those after the epoch
     * @throws NotFiniteOutputException if an output is NaN or infinite for an example of the validation set that has a
     *     far too large feature
     * @throws IllegalArgumentException if the data do not match each other, the network's dtype, or the settings
     * @throws UncheckedIOException if a checkpoint cannot be written and the listener does not override {@code
     *     notSaved}
     */
    public History fit(Dataset training, @Nullable Dataset validation, Listener listener) {
        return run(source(training), validation, listener, null);
    }

    /** Runs all epochs on batches from a source, without a validation set. */
    public History fit(BatchSource training) {
        return fit(training, null, new Listener() {});
    }

    /** Runs all epochs on batches from a source, and evaluates on the validation set after each. */
    public History fit(BatchSource training, Dataset validation) {
        return fit(training, validation, new Listener() {});
    }

    /**
     * Runs all epochs on batches from a source and reports to a listener; for exceptions see {@link #fit(Dataset,
     * Dataset, Listener)}.
     *
     * @throws IllegalStateException if an epoch has no batches, or another number of them than the source promises
     */
    public History fit(BatchSource training, @Nullable Dataset validation, Listener listener) {
        return run(source(training), validation, listener, null);
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
     * setting that the steps made depend on, or the function that the net or the loss computes has changed. Settings of
     * the remaining steps may change: the number of epochs, if the schedule does not depend on it, the patience, and the
     * rest of the schedule.
     *
     * @throws IllegalArgumentException if the checkpoint belongs to another run; for other causes and exceptions see
     *     {@link #fit(Dataset, Dataset, Listener)}
     */
    public History resume(Checkpoint checkpoint, Dataset training, @Nullable Dataset validation, Listener listener) {
        return run(source(training), validation, listener, checkpoint);
    }

    /** Continues from a checkpoint of a run on the same source, without a validation set. */
    public History resume(Checkpoint checkpoint, BatchSource training) {
        return resume(checkpoint, training, null, new Listener() {});
    }

    /** Continues from a checkpoint of a run on the same source, and evaluates on the validation set after each epoch. */
    public History resume(Checkpoint checkpoint, BatchSource training, Dataset validation) {
        return resume(checkpoint, training, validation, new Listener() {});
    }

    /**
     * Continues from a checkpoint of a run on the same source: within an epoch, the batches that were used are read
     * again and skipped. For other conditions see {@link #resume(Checkpoint, Dataset, Dataset, Listener)}.
     *
     * @throws IllegalArgumentException if the source has no {@link BatchSource#identity}, so that its batches cannot be
     *     repeated, or another one than in the checkpoint
     */
    public History resume(
            Checkpoint checkpoint, BatchSource training, @Nullable Dataset validation, Listener listener) {
        return run(source(training), validation, listener, checkpoint);
    }

    TrainingData source(Dataset training) {
        if (batchSize == null) {
            throw new IllegalArgumentException("batchSize: expected one to cut the dataset by, got none;"
                    + " make the trainer with new Trainer(net, optimizer, epochs, batchSize, seed)");
        }
        return new TrainingData.OfDataset(training, batchSize, seed);
    }

    private TrainingData source(BatchSource training) {
        if (batchSize != null) {
            throw new IllegalArgumentException("batchSize: expected none, since the batches come from a source, got "
                    + batchSize + "; make the trainer with new Trainer(net, optimizer, epochs, seed)");
        }
        return new TrainingData.OfSource(training);
    }

    private History run(
            TrainingData training, @Nullable Dataset validation, Listener listener, @Nullable Checkpoint resumed) {
        try {
            return new Run(this, training, validation, listener, resumed).toEnd();
        } finally {
            stopRequested.set(false);
        }
    }
}
