package io.github.masktape.optim;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Batches;
import io.github.masktape.data.Dataset;
import io.github.masktape.file.Countdown;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import io.github.masktape.text.Decimal;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Training by gradient descent: epochs of shuffled batches, a step of the optimizer for each. A classifier learns by its
 * cross-entropy, a regression by its mean squared error.
 *
 * <p>The result is a function of the network's first weights, the data, the optimizer's settings, the batch size, the
 * number of epochs and the seed (of shuffling and masks): the same bits on any machine with any number of threads, and
 * whether the run was stopped and resumed or not. It does not depend on the order of {@link Layer#parameters}: where order
 * matters, they are taken by name. The methods that set something give back this trainer.
 *
 * <p>{@link #fit} can be called again, to train on or with other data. Shuffling, masks and learning rates continue
 * after the steps that the optimizer has made: two runs of ten epochs each are one of twenty.
 */
public final class Trainer {
    final Layer net;
    final Optimizer optimizer;
    final int epochs;
    final int batchSize;
    final long seed;
    final Workspace workspace = new Workspace();
    final AtomicBoolean stopRequested = new AtomicBoolean();
    double labelSmoothing;
    double maxNorm = Double.POSITIVE_INFINITY;
    int patience;

    @Nullable
    File file;

    double seconds;
    Map<String, String> extra = Map.of();

    @Nullable
    Checkpoint resumed;

    /**
     * Configures a training run.
     *
     * @param optimizer of the net's parameters, or of some of them: those that it does not have stay as they are, which
     *     freezes the layers they are in
     * @param seed of shuffling and masks
     * @throws IllegalArgumentException if the optimizer has parameters that the net does not have, or none
     */
    public Trainer(Layer net, Optimizer optimizer, int epochs, int batchSize, long seed) {
        requirePositive("epochs", epochs);
        requirePositive("batchSize", batchSize);
        requireOwner(net, optimizer);
        this.net = net;
        this.optimizer = optimizer;
        this.epochs = epochs;
        this.batchSize = batchSize;
        this.seed = seed;
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
            throw new IllegalArgumentException(field + " must be at least 1, got " + value);
        }
    }

    /** Told of the progress of a run, in the thread that trains. */
    public interface Listener {
        /** A step was made. */
        default void step(Step step) {}

        /** An epoch is over, and saved if it was asked for. */
        default void epoch(Epoch epoch) {}

        /** A checkpoint was written. */
        default void saved(File file, Checkpoint checkpoint) {}

        /**
         * A checkpoint could not be written; the one before is there still. Ends the run by an exception, unless it is
         * overridden: then the run goes on.
         */
        default void notSaved(File file, IOException problem) {
            throw new UncheckedIOException(problem.getMessage(), problem);
        }
    }

    /**
     * One step.
     *
     * @param epoch the epoch of this run, from 1
     * @param number the step, counted from 1 through all epochs of this run
     * @param total the number of steps of the run, if it does not end before
     * @param loss the loss of the batch before the step: mean cross-entropy in nats, or mean squared error
     */
    public record Step(int epoch, long number, long total, double loss) {}

    /**
     * The metrics of an epoch.
     *
     * @param epoch the epoch, from 1
     * @param trainingLoss the mean over its batches of the loss before each step
     * @param validation the evaluation on the validation set afterwards, or null if there is none
     */
    public record Epoch(
            int epoch, double trainingLoss, @Nullable Evaluation validation) {}

    /** Why a run ended. */
    public enum Ending {
        /** All epochs are over. */
        COMPLETE,
        /** The validation set showed nothing better for as many epochs as there was patience for. */
        OUT_OF_PATIENCE,
        /** {@link Trainer#stop} was called; the net has the weights of the last step. */
        STOPPED
    }

    /**
     * The course of a run.
     *
     * @param epochs the epochs that are over, those before it was resumed included
     * @param bestEpoch the epoch that did best on the validation set, from 1; 0 if there is none
     * @param ending why it ended
     */
    public record History(List<Epoch> epochs, int bestEpoch, Ending ending) {
        /** The last epoch that is over. */
        public Epoch last() {
            return epochs.get(epochs.size() - 1);
        }
    }

    /**
     * How a network does on a dataset.
     *
     * @param errors the examples whose largest logit is not their label's; −1 in regression, which has none
     * @param examples the examples in all
     * @param loss the mean cross-entropy in nats; in regression the mean squared error
     * @param variance in regression, the mean squared distance of the targets from their means, which is the loss of the
     *     best constant guess; otherwise NaN
     */
    public record Evaluation(int errors, int examples, double loss, double variance) {
        /** Of a classifier. */
        public Evaluation(int errors, int examples, double loss) {
            this(errors, examples, loss, Double.NaN);
        }

        /** Of a regression that predicted these targets, one example a row. */
        public static Evaluation ofRegression(Tensor predicted, Tensor actual) {
            int n = actual.shape().dim(0);
            return new Evaluation(-1, n, squaredErrors(predicted, actual) / n, Trainer.variance(actual));
        }

        /** Whether it is of a regression. */
        public boolean isRegression() {
            return errors < 0;
        }

        /** The share of examples that are wrong, in 0…1. */
        public double errorRate() {
            require(!isRegression(), "errorRate: expected a classifier, got a regression; ask for rmse() or r2()");
            return (double) errors / examples;
        }

        /** The root of the mean squared error, in the targets' unit. */
        public double rmse() {
            require(isRegression(), "rmse: expected a regression, got a classifier; ask for errorRate()");
            return Math.sqrt(loss);
        }

        /**
         * R² = 1 − loss/variance: 1 is perfect, 0 no better than the targets' mean. Empty where it is undefined: the
         * variance is 0, since there is one example only, or all targets are equal.
         */
        public OptionalDouble r2() {
            require(isRegression(), "r2: expected a regression, got a classifier; ask for errorRate()");
            return variance > 0 ? OptionalDouble.of(1 - loss / variance) : OptionalDouble.empty();
        }

        private static void require(boolean condition, String message) {
            if (!condition) {
                throw new IllegalStateException(message);
            }
        }

        /** Fewer errors, or as many and a smaller loss; in regression, a smaller loss. NaN is the worst of losses. */
        public boolean isBetterThan(Evaluation other) {
            return errors < other.errors || (errors == other.errors && Double.compare(loss, other.loss) < 0);
        }
    }

    // ---- settings ----

    /** Spreads a share of each label over all classes; see {@link Ops#smoothedCrossEntropy}. Evaluations do not. */
    public Trainer labelSmoothing(double smoothing) {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException(
                    "labelSmoothing must be in [0, 1), got " + Decimal.shortest(smoothing, 6));
        }
        this.labelSmoothing = smoothing;
        return this;
    }

    /**
     * Shortens gradients that are too long, all by one factor, as PyTorch's {@code clip_grad_norm_}.
     *
     * <pre>
     *   norm = √Σ g²                                   over all parameters of the optimizer
     *   g'   = min(1, maxNorm/(norm + 10⁻⁶))·g
     * </pre>
     */
    public Trainer clipGradients(double maxNorm) {
        if (!(maxNorm > 0 && maxNorm <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "clipGradients: maxNorm must be positive and finite, got " + Decimal.shortest(maxNorm, 6));
        }
        this.maxNorm = maxNorm;
        return this;
    }

    /**
     * Ends the run once so many epochs have brought nothing {@linkplain Evaluation#isBetterThan better} on the validation
     * set, and gives the net the weights of the best epoch at the end in any case.
     */
    public Trainer patience(int epochs) {
        requirePositive("patience", epochs);
        this.patience = epochs;
        return this;
    }

    /** Writes a {@link Checkpoint} at the start and at the end of each epoch. */
    public Trainer checkpoint(File file) {
        return checkpoint(file, Double.POSITIVE_INFINITY, Map.of());
    }

    /**
     * Writes a {@link Checkpoint} at the start, at the end of each epoch, and in between when {@code seconds} have passed
     * since the last.
     *
     * @param extra whatever is to be found again in the file
     */
    public Trainer checkpoint(File file, double seconds, Map<String, String> extra) {
        new Countdown(seconds);
        Checkpoint.requireFreeNames(net.parameters(), extra);
        this.file = file;
        this.seconds = seconds;
        this.extra = new LinkedHashMap<>(extra);
        return this;
    }

    /**
     * Lets the next {@code fit} go on from a checkpoint. It refuses to if the data, a setting that shaped the steps made,
     * or what the net computes is another. What shapes only those to come may change: the number of epochs with a
     * schedule that does not depend on it, the patience, the rest of the schedule.
     */
    public Trainer resume(Checkpoint checkpoint) {
        this.resumed = checkpoint;
        return this;
    }

    // ---- running ----

    /** Asks the run to end after its step, with a checkpoint if one is kept. From any thread, at any time. */
    public void stop() {
        stopRequested.set(true);
    }

    /** Runs without a validation set. */
    public History fit(Dataset training) {
        return fit(training, null, new Listener() {});
    }

    /** Runs all epochs, and evaluates after each. */
    public History fit(Dataset training, Dataset validation) {
        return fit(training, validation, new Listener() {});
    }

    /**
     * Runs all epochs.
     *
     * @throws IllegalStateException if the optimizer's learning rate is 0 in all steps to come, as after the end of a
     *     schedule; or, at the end of an epoch, if the network has had a parameter of the optimizer on no tape, whether
     *     in training or inference: it would never learn
     * @throws DivergenceException if a loss, gradient or output is NaN or infinite, or a cross-entropy above 10⁶; the parameters
     *     are those before that step, and the message names epoch, step and, of a NaN or infinity, the op where it began
     * @throws NotFiniteOutputException if an output for an example of the validation set, a feature of which is far too
     *     large, is NaN or infinite
     * @throws IllegalArgumentException if the data do not fit each other, the network's dtype, the settings, or the
     *     checkpoint to go on from
     * @throws UncheckedIOException if a checkpoint cannot be written and the listener does not care to go on
     */
    public History fit(Dataset training, @Nullable Dataset validation, Listener listener) {
        try {
            return new Run(this, training, validation, listener).toEnd();
        } finally {
            stopRequested.set(false);
        }
    }

    /**
     * Evaluates a network on a dataset, in inference.
     *
     * @throws NotFiniteOutputException if an output, or a loss, is NaN or infinite
     * @throws IllegalArgumentException if the network computes in another dtype than the data have
     */
    public static Evaluation evaluate(Layer net, Dataset data) {
        requireDType("evaluate", net, data);
        int errors = 0;
        double loss = 0;
        int first = -1;
        int notFinite = 0;
        int from = 0;
        Workspace workspace = new Workspace();
        for (Batch batch : Batches.of(data, Math.min(data.size(), 500)).epoch(1)) {
            Tape tape = Tape.inference(workspace);
            Variable output = net.forward(tape.constant(batch.features(workspace)), Pass.inference());
            int size = output.value().shape().dim(0);
            int[] bad = output.value().notFiniteRows();
            if (bad.length > 0) {
                first = first < 0 ? from + bad[0] : first;
                notFinite += bad.length;
            } else if (data.isRegression()) {
                loss += squaredErrors(output.value(), batch.targets(workspace));
            } else {
                int[] labels = batch.labels();
                loss += Ops.softmaxCrossEntropy(output, labels).value().item() * size;
                errors += errors(output.value().argMaxRows(), labels);
            }
            from += size;
        }
        workspace.recycle();
        if (notFinite > 0) {
            throw NotFiniteOutputException.of("evaluate", data.features(), data.featureNames(), first, notFinite);
        }
        if (!Double.isFinite(loss)) {
            throw new ArithmeticException("evaluate: expected a finite loss, got " + Decimal.shortest(loss, 1)
                    + ": outputs or targets are too large");
        }
        return data.isRegression()
                ? new Evaluation(-1, data.size(), loss / data.size(), variance(data.targets()))
                : new Evaluation(errors, data.size(), loss / data.size());
    }

    /** Refuses data of another dtype than the net's: the error of the first op could not say what to do. */
    static void requireDType(String task, Layer net, Dataset data) {
        DType actual = data.features().dtype();
        for (Parameter parameter : net.parameters().values()) {
            if (parameter.dtype() != actual) {
                throw new IllegalArgumentException(task + ": expected " + parameter.dtype()
                        + " data as the network's parameters, got " + actual
                        + "; standardize them, Preprocessing.fit(data).apply(data), or convert them, data.to(DType."
                        + parameter.dtype() + ")");
            }
        }
    }

    /** The sum over examples of the mean squared error of each; in double, where no float's square overflows. */
    private static double squaredErrors(Tensor output, Tensor targets) {
        Tensor difference = output.to(DType.FLOAT64).sub(targets.to(DType.FLOAT64));
        return difference.sumOfSquares() / difference.shape().dim(1);
    }

    private static int errors(int[] predicted, int[] labels) {
        int errors = 0;
        for (int i = 0; i < predicted.length; i++) {
            errors += predicted[i] == labels[i] ? 0 : 1;
        }
        return errors;
    }

    /** The mean squared distance of the elements from their column's mean; exactly 0 if each column is constant. */
    private static double variance(Tensor targets) {
        Tensor wide = targets.to(DType.FLOAT64);
        int n = wide.shape().dim(0);
        Tensor offset = wide.addRow(wide.row(0).reshape(wide.shape().dim(1)).neg());
        Tensor distance = offset.addRow(offset.sumRows().scale(-1.0 / n));
        return distance.sumOfSquares() / distance.shape().size();
    }
}
