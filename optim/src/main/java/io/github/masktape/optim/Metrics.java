// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.BatchSource;
import io.github.masktape.data.Batches;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Labels;
import io.github.masktape.data.Targets;
import io.github.masktape.loss.BinaryCrossEntropy;
import io.github.masktape.loss.CrossEntropy;
import io.github.masktape.loss.Loss;
import io.github.masktape.loss.ValueLoss;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import io.github.masktape.text.Decimal;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures of the distance between a network's outputs and the targets, to report.
 *
 * <pre>
 *   classification   loss = −1/N · Σₙ log softmax(yₙ)[labelₙ]       errors: argmax yₙ ≠ labelₙ
 *   regression       loss = MSE = 1/(N·d) · Σ (y − t)²              RMSE = √MSE     R² = 1 − MSE/variance(t)
 * </pre>
 *
 * <p>{@link Quality} has more of them, for predictions.
 */
public final class Metrics {
    /** The number of examples evaluated at a time. */
    private static final int BATCH = 500;

    private Metrics() {}

    // ---- a network on a dataset ----

    /**
     * Evaluates a network on a dataset by the loss that {@linkplain Loss#of(Targets) suits its targets}, in an inference
     * pass.
     *
     * @throws NotFiniteOutputException if an output is NaN or infinite
     * @throws ArithmeticException if the loss is NaN or infinite
     * @throws IllegalArgumentException if the dtypes of network and data differ
     */
    public static Evaluation evaluate(Layer net, Dataset data) {
        return evaluate(net, data, Loss.of(data.targets()));
    }

    /**
     * Evaluates a network on a dataset by a loss, in an inference pass. The evaluation is {@link Evaluation.OfLabels} by
     * a {@link CrossEntropy}, whose label smoothing is left out, {@link Evaluation.OfValues} by a {@link ValueLoss}, and
     * {@link Evaluation.OfLoss} by any other loss; that of two classes by a {@link BinaryCrossEntropy} is {@link
     * Evaluation.OfLabels}. If the examples have weights, the loss is weighted; errors and
     * squared errors are not. For exceptions see {@link #evaluate(Layer, Dataset)}.
     */
    public static Evaluation evaluate(Layer net, Dataset data, Loss loss) {
        if (loss instanceof CrossEntropy crossEntropy) {
            return classification(net, data, crossEntropy.withLabelSmoothing(0));
        }
        if (loss instanceof ValueLoss valueLoss) {
            return regression(net, data, valueLoss);
        }
        Mean mean = new Mean(loss);
        if (loss instanceof BinaryCrossEntropy && data.targets() instanceof Labels) {
            int[] errors = new int[1];
            forEachBatch(net, data, (output, batch) -> {
                mean.add(output, batch);
                errors[0] += errors(signs(output.value()), batch.labels());
            });
            return new Evaluation.OfLabels(errors[0], data.size(), mean.get());
        }
        forEachBatch(net, data, mean::add);
        return new Evaluation.OfLoss(data.size(), mean.get());
    }

    /**
     * Evaluates a classifier by its cross-entropy; see {@link #evaluate(Layer, Dataset)}.
     *
     * @throws IllegalStateException if the dataset has values to predict
     */
    public static Evaluation.OfLabels classification(Layer net, Dataset data) {
        int[] unused = data.labels();
        return classification(net, data, Loss.crossEntropy());
    }

    private static Evaluation.OfLabels classification(Layer net, Dataset data, CrossEntropy loss) {
        int[] errors = new int[1];
        double[] weights = loss.classWeights();
        double[] wrong = new double[1];
        double[] all = new double[1];
        Mean mean = new Mean(loss);
        forEachBatch(net, data, (output, batch) -> {
            mean.add(output, batch);
            int[] predicted = output.value().argMaxRows();
            int[] labels = batch.labels();
            errors[0] += errors(predicted, labels);
            for (int i = 0; i < labels.length && loss.hasClassWeights(); i++) {
                wrong[0] += predicted[i] == labels[i] ? 0 : weights[labels[i]];
                all[0] += weights[labels[i]];
            }
        });
        return loss.hasClassWeights()
                ? new Evaluation.OfLabels(errors[0], data.size(), mean.get(), wrong[0] / all[0])
                : new Evaluation.OfLabels(errors[0], data.size(), mean.get());
    }

    /**
     * Evaluates a regression by its squared errors; see {@link #evaluate(Layer, Dataset)}.
     *
     * @throws IllegalStateException if the dataset has class labels
     */
    public static Evaluation.OfValues regression(Layer net, Dataset data) {
        Tensor unused = data.values();
        return regression(net, data, Loss.meanSquaredError());
    }

    private static Evaluation.OfValues regression(Layer net, Dataset data, ValueLoss loss) {
        boolean isSquaredError = loss == Loss.meanSquaredError() && !data.isWeighted();
        double[] squares = new double[1];
        Mean mean = new Mean(loss);
        forEachBatch(net, data, (output, batch) -> {
            squares[0] += squaredErrors(output.value(), batch.values());
            if (!isSquaredError) {
                mean.add(output, batch);
            }
        });
        double squaredError = finite(squares[0]) / data.size();
        return new Evaluation.OfValues(
                data.size(), isSquaredError ? squaredError : mean.get(), squaredError, variance(data.values()));
    }

    /**
     * Evaluates a network on the batches of a source's first epoch, of which one at a time is in memory, as {@link
     * #evaluate(Layer, Dataset, Loss)} does on all of them, up to rounding.
     *
     * @throws IllegalStateException if there are no batches
     */
    public static Evaluation evaluate(Layer net, BatchSource source, Loss loss) {
        BatchedEvaluation sum = new BatchedEvaluation(loss);
        Iterable<Batch> batches = source.epoch(1);
        try {
            for (Batch batch : batches) {
                sum.add(evaluate(net, batch.examples(), loss), batch);
            }
        } finally {
            TrainingData.close(batches);
        }
        return sum.get();
    }

    /** The evaluations of batches, taken together. */
    private static final class BatchedEvaluation {
        private final Loss loss;
        private final double[] classWeights;
        private @Nullable Evaluation last;
        private int examples;
        private int errors;
        private double weight;
        private double lossSum;
        private double squaredError;
        /** The sums of the weights of classes, of the wrong examples and of all. */
        private double wrong;

        private double all;
        /** The mean of each target so far, and the sum of the squared distances from the means. */
        private double[] means = {};

        private double distances;

        BatchedEvaluation(Loss loss) {
            this.loss = loss;
            classWeights = loss instanceof CrossEntropy crossEntropy ? crossEntropy.classWeights() : new double[0];
        }

        void add(Evaluation part, Batch batch) {
            last = part;
            double batchWeight = loss.weight(batch);
            if (part instanceof Evaluation.OfLabels labels) {
                errors += labels.errors();
                double ofBatch = classWeights.length == 0
                        ? part.examples()
                        : Arrays.stream(batch.labels())
                                .mapToDouble(label -> classWeights[label])
                                .sum();
                wrong += labels.weightedErrorRate() * ofBatch;
                all += ofBatch;
            } else if (part instanceof Evaluation.OfValues values) {
                squaredError += values.meanSquaredError() * part.examples();
                addTargets(batch.values(), values.variance());
            }
            examples += part.examples();
            lossSum += part.loss() * batchWeight;
            weight += batchWeight;
        }

        /**
         * Adds the distances of a batch's targets.
         *
         * <pre>
         *   Σ(t − m)² = Σₐ(t − mₐ)² + Σᵦ(t − mᵦ)² + (mₐ − mᵦ)²·nₐ·nᵦ/(nₐ + nᵦ)      for each target
         * </pre>
         *
         * <p>Chan, Golub, LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979.
         */
        private void addTargets(Tensor targets, double variance) {
            int n = targets.shape().dim(0);
            Tensor sums = targets.to(DType.FLOAT64).sumRows();
            means = examples == 0 ? new double[targets.shape().dim(1)] : means;
            distances += variance * targets.shape().size();
            for (int j = 0; j < means.length; j++) {
                double off = sums.get(j) / n - means[j];
                distances += off * off * examples * n / (examples + n);
                means[j] += off * n / (examples + n);
            }
        }

        Evaluation get() {
            if (last == null) {
                throw new IllegalStateException("evaluate: expected at least one batch, got none");
            }
            if (last instanceof Evaluation.OfLabels) {
                return classWeights.length == 0
                        ? new Evaluation.OfLabels(errors, examples, lossSum / weight)
                        : new Evaluation.OfLabels(errors, examples, lossSum / weight, wrong / all);
            }
            return last instanceof Evaluation.OfValues
                    ? new Evaluation.OfValues(
                            examples,
                            lossSum / weight,
                            squaredError / examples,
                            distances / ((double) examples * means.length))
                    : new Evaluation.OfLoss(examples, lossSum / weight);
        }
    }

    /** The mean of a loss over the examples of several batches, weighted as the loss says. */
    private static final class Mean {
        private final Loss loss;
        private double sum;
        private double weight;

        Mean(Loss loss) {
            this.loss = loss;
        }

        void add(Variable output, Batch batch) {
            double w = loss.weight(batch);
            sum += loss(loss, output, batch).value().item() * w;
            weight += w;
        }

        double get() {
            return finite(sum) / weight;
        }
    }

    private static double finite(double sum) {
        if (!Double.isFinite(sum)) {
            throw new ArithmeticException("evaluate: expected a finite loss, got " + Decimal.shortest(sum, 1)
                    + ": outputs or targets are too large");
        }
        return sum;
    }

    /** Runs the network on the batches of a dataset. */
    private static void forEachBatch(Layer net, Dataset data, BiConsumer<Variable, Batch> action) {
        requireDType("evaluate", net, data);
        int first = -1;
        int notFinite = 0;
        int from = 0;
        Workspace workspace = new Workspace();
        for (Batch each : Batches.of(data, Math.min(data.size(), BATCH)).epoch(1)) {
            Batch batch = each.withWorkspace(workspace);
            Tape tape = Tape.inference(workspace);
            Variable output = net.forward(tape.constant(batch.features()), Pass.inference());
            requireRows(output, batch);
            int[] bad = output.value().notFiniteRows();
            if (bad.length > 0) {
                first = first < 0 ? from + bad[0] : first;
                notFinite += bad.length;
            } else {
                action.accept(output, batch);
            }
            from += batch.size();
        }
        workspace.recycle();
        if (notFinite > 0) {
            throw NotFiniteOutputException.of("evaluate", data.features(), data.featureNames(), first, notFinite);
        }
    }

    /** A loss of a batch, after checks of what the net and a loss of one's own return. */
    static Variable loss(Loss loss, Variable output, Batch batch) {
        requireRows(output, batch);
        Variable value = loss.of(output, batch);
        if (value.shape().rank() != 0) {
            throw new IllegalArgumentException("loss: expected a scalar, got a tensor of shape " + value.shape()
                    + "; take its mean, or make a loss of the losses of examples with Loss.ofExamples");
        }
        return value;
    }

    private static void requireRows(Variable output, Batch batch) {
        Shape shape = output.shape();
        if (shape.rank() != 2 || shape.dim(0) != batch.size()) {
            throw new IllegalArgumentException("net: expected outputs of " + batch.size()
                    + " rows, one for each example, got a tensor of shape " + shape
                    + (shape.equals(Shape.of(batch.size())) ? "; reshape it to " + shape + "×1" : ""));
        }
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

    /** The class of each logit of class 1: 1 if it is above 0. */
    private static int[] signs(Tensor logits) {
        return Arrays.stream(logits.toDoubleArray())
                .mapToInt(logit -> logit > 0 ? 1 : 0)
                .toArray();
    }

    /** Evaluates predicted values of a regression, one example a row. */
    public static Evaluation.OfValues regression(Tensor predicted, Tensor actual) {
        int n = actual.shape().dim(0);
        double squaredError = squaredErrors(predicted, actual) / n;
        return new Evaluation.OfValues(n, squaredError, squaredError, variance(actual));
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
