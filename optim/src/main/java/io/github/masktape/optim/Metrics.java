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
import io.github.masktape.data.Labels;
import io.github.masktape.data.Targets;
import io.github.masktape.data.Values;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import io.github.masktape.text.Decimal;
import java.util.OptionalDouble;

/**
 * Measures of the distance between a network's outputs and the targets: losses to train with, and errors to report.
 *
 * <pre>
 *   classification   loss = −1/N · Σₙ log softmax(yₙ)[labelₙ]       errors: argmax yₙ ≠ labelₙ
 *   regression       loss = MSE = 1/(N·d) · Σ (y − t)²              RMSE = √MSE     R² = 1 − MSE/variance(t)
 * </pre>
 */
public final class Metrics {
    /** The number of examples evaluated at a time. */
    private static final int BATCH = 500;

    private Metrics() {}

    // ---- the loss to train with ----

    /** The mean loss of outputs, one example a row: the cross-entropy in nats, or the squared error. */
    public static Variable loss(Variable outputs, Targets targets) {
        return loss(outputs, targets, 0);
    }

    /**
     * The mean loss of outputs, one example a row: the cross-entropy in nats, or the squared error.
     *
     * @param labelSmoothing the share of each label that is spread over all classes, see {@link
     *     Ops#smoothedCrossEntropy}; ignored for values
     */
    public static Variable loss(Variable outputs, Targets targets, double labelSmoothing) {
        if (targets instanceof Labels labels) {
            return labelSmoothing == 0
                    ? Ops.softmaxCrossEntropy(outputs, labels.toArray())
                    : Ops.smoothedCrossEntropy(outputs, labels.toArray(), labelSmoothing);
        }
        Tensor values = ((Values) targets).tensor();
        return Ops.meanSquaredError(outputs, outputs.tape().constant(values));
    }

    // ---- a network on a dataset ----

    /**
     * Evaluates a network on a dataset in an inference pass.
     *
     * @throws NotFiniteOutputException if an output is NaN or infinite
     * @throws ArithmeticException if the loss is NaN or infinite
     * @throws IllegalArgumentException if the dtypes of network and data differ
     */
    public static Evaluation evaluate(Layer net, Dataset data) {
        return data.targets() instanceof Labels ? classification(net, data) : regression(net, data);
    }

    /**
     * Evaluates a classifier; see {@link #evaluate}.
     *
     * @throws IllegalStateException if the dataset has values to predict
     */
    public static Evaluation.OfLabels classification(Layer net, Dataset data) {
        int[] labels = data.labels();
        int[] errors = new int[1];
        double loss = sum(net, data, (output, targets) -> {
            errors[0] += errors(output.value().argMaxRows(), ((Labels) targets).toArray());
            return loss(output, targets).value().item() * targets.size();
        });
        return new Evaluation.OfLabels(errors[0], labels.length, loss / labels.length);
    }

    /**
     * Evaluates a regression; see {@link #evaluate}.
     *
     * @throws IllegalStateException if the dataset has class labels
     */
    public static Evaluation.OfValues regression(Layer net, Dataset data) {
        Tensor actual = data.values();
        double loss = sum(net, data, (output, targets) -> squaredErrors(output.value(), ((Values) targets).tensor()));
        return new Evaluation.OfValues(data.size(), loss / data.size(), variance(actual));
    }

    /** A sum over the examples of a batch. */
    @FunctionalInterface
    private interface BatchSum {
        double of(Variable output, Targets targets);
    }

    private static double sum(Layer net, Dataset data, BatchSum ofBatch) {
        requireDType("evaluate", net, data);
        double sum = 0;
        int first = -1;
        int notFinite = 0;
        int from = 0;
        Workspace workspace = new Workspace();
        for (Batch batch : Batches.of(data, Math.min(data.size(), BATCH)).epoch(1)) {
            Tape tape = Tape.inference(workspace);
            Variable output = net.forward(tape.constant(batch.features(workspace)), Pass.inference());
            int size = output.value().shape().dim(0);
            int[] bad = output.value().notFiniteRows();
            if (bad.length > 0) {
                first = first < 0 ? from + bad[0] : first;
                notFinite += bad.length;
            } else {
                sum += ofBatch.of(output, batch.targets(workspace));
            }
            from += size;
        }
        workspace.recycle();
        if (notFinite > 0) {
            throw NotFiniteOutputException.of("evaluate", data.features(), data.featureNames(), first, notFinite);
        }
        if (!Double.isFinite(sum)) {
            throw new ArithmeticException("evaluate: expected a finite loss, got " + Decimal.shortest(sum, 1)
                    + ": outputs or targets are too large");
        }
        return sum;
    }

    /** Refuses data whose dtype is not the net's; the error of the first op could not give this advice. */
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

    // ---- predictions and targets ----

    /** The number of examples whose predicted class is not their label. */
    public static int errors(int[] predicted, int[] labels) {
        int errors = 0;
        for (int i = 0; i < labels.length; i++) {
            errors += predicted[i] == labels[i] ? 0 : 1;
        }
        return errors;
    }

    /**
     * The confusion matrix: the number of examples of each class (first index) that were predicted as each class
     * (second index).
     */
    public static int[][] confusions(int[] predicted, int[] labels, int classes) {
        int[][] counts = new int[classes][classes];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]][predicted[i]]++;
        }
        return counts;
    }

    /** Evaluates predicted values of a regression, one example a row. */
    public static Evaluation.OfValues regression(Tensor predicted, Tensor actual) {
        int n = actual.shape().dim(0);
        return new Evaluation.OfValues(n, squaredErrors(predicted, actual) / n, variance(actual));
    }

    /**
     * The quality of the predictions of one column of values.
     *
     * @param rmse the root of the mean squared error
     * @param meanAbsoluteError the mean distance between prediction and value
     * @param r2 the share of variance explained, R²; empty if there is no variance, all values being equal
     */
    public record Fit(double rmse, double meanAbsoluteError, OptionalDouble r2) {}

    /**
     * Compares the predictions of one column with its values, one example a row, summing in double in the order of the
     * examples.
     */
    public static Fit fit(Tensor predicted, Tensor actual, int column) {
        int n = actual.shape().dim(0);
        double squares = 0;
        double absolute = 0;
        double first = actual.get(0, column);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double error = predicted.get(i, column) - actual.get(i, column);
            squares += error * error;
            absolute += Math.abs(error);
            sum += actual.get(i, column) - first;
        }
        double mean = first + sum / n;
        double variance = 0;
        for (int i = 0; i < n; i++) {
            double distance = actual.get(i, column) - mean;
            variance += distance * distance;
        }
        return new Fit(
                Math.sqrt(squares / n),
                absolute / n,
                variance > 0 ? OptionalDouble.of(1 - squares / variance) : OptionalDouble.empty());
    }

    /** The sum of the examples' mean squared errors, in double, where no float's square overflows. */
    private static double squaredErrors(Tensor output, Tensor targets) {
        Tensor difference = output.to(DType.FLOAT64).sub(targets.to(DType.FLOAT64));
        return difference.sumOfSquares() / difference.shape().dim(1);
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
