// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.loss;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Labels;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The cross-entropy of class labels under the softmax of each row of outputs, in nats, with PyTorch's definitions of
 * label smoothing and weights of classes.
 *
 * <pre>
 *   p[i, :] = softmax(z[i, :])
 *   t[i, c] = w[c]·((1 − ε)·[c = labelᵢ] + ε/classes)        ε the smoothing, w the weights of the classes
 *   loss    = −Σᵢ vᵢ·Σ_c t[i, c]·ln p[i, c] / W              v the weights of the examples
 *   W       = Σᵢ vᵢ·w[labelᵢ]
 * </pre>
 *
 * <p>W is also the weight of a batch in the mean of an epoch. Without weights, it is the number of examples. With
 * {@linkplain #withClassCosts costs} in place of weights, W = Σᵢ vᵢ.
 */
public final class CrossEntropy implements Loss {
    static final CrossEntropy PLAIN = new CrossEntropy(0, false);

    private final double smoothing;
    /** Empty if all classes count the same. */
    private final double[] classWeights;
    /** True if the weights do not count in the divisor. */
    private final boolean areCosts;

    private CrossEntropy(double smoothing, boolean areCosts, double... classWeights) {
        this.smoothing = smoothing;
        this.areCosts = areCosts;
        this.classWeights = classWeights;
    }

    /**
     * The same loss with a share ε of each label spread evenly over all classes. Evaluations leave it out.
     *
     * <p>Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016.
     *
     * @param smoothing ε, in [0, 1)
     */
    public CrossEntropy withLabelSmoothing(double smoothing) {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException(
                    "labelSmoothing: expected a number in [0, 1), got " + Decimal.shortest(smoothing, 6));
        }
        return new CrossEntropy(smoothing, areCosts, classWeights);
    }

    /**
     * The same loss with a weight for each class, for example to make up for rare ones.
     *
     * @param weights positive numbers, in the order of the network's outputs; copied
     */
    public CrossEntropy withClassWeights(double... weights) {
        requirePositive("classWeights", weights);
        return new CrossEntropy(smoothing, false, weights.clone());
    }

    /**
     * The same loss with a weight for each class that does not count in the divisor. Prefer it for classes so rare that
     * most batches have none: the gradients of all batches then add up to that of all examples, whereas {@linkplain
     * #withClassWeights weights} in the divisor let a batch of common examples pull as hard as one with a rare one.
     *
     * @param costs positive numbers, in the order of the network's outputs, best with a mean of 1 over the examples;
     *     copied
     */
    public CrossEntropy withClassCosts(double... costs) {
        requirePositive("classCosts", costs);
        return new CrossEntropy(smoothing, true, costs.clone());
    }

    static void requirePositive(String field, double... weights) {
        for (double weight : weights) {
            if (!(weight > 0 && weight <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        field + ": expected positive, finite numbers, got " + Decimal.shortest(weight, 6));
            }
        }
    }

    /** The smoothing ε, 0 for none. */
    public double labelSmoothing() {
        return smoothing;
    }

    /** The weight or cost of each class, a copy; empty if all classes count the same. */
    public double[] classWeights() {
        return classWeights.clone();
    }

    /** True if the classes have weights or costs. */
    public boolean hasClassWeights() {
        return classWeights.length > 0;
    }

    @Override
    public Variable of(Variable outputs, Batch batch) {
        Labels all = labels(batch);
        int[] labels = all.toArray();
        int needed = Math.max(
                Math.min(2, all.classes()), 1 + Arrays.stream(labels).max().orElse(0));
        if (outputs.shape().rank() != 2 || outputs.shape().dim(1) < needed) {
            throw new IllegalArgumentException("net: expected outputs of " + batch.size() + "×" + all.classes()
                    + ", a logit for each class, got shape " + outputs.shape()
                    + (all.classes() == 2 ? "; for one logit, use Loss.binaryCrossEntropy()" : ""));
        }
        if (!hasClassWeights() && !batch.isWeighted()) {
            return smoothing == 0
                    ? Ops.softmaxCrossEntropy(outputs, labels)
                    : Ops.smoothedCrossEntropy(outputs, labels, smoothing);
        }
        int classes = outputs.shape().dim(1);
        if (hasClassWeights() && classWeights.length != classes) {
            throw new IllegalArgumentException(
                    name() + ": expected one for each of " + classes + " outputs, got " + classWeights.length);
        }
        double[] v = batch.weights();
        double[] t = new double[labels.length * classes];
        for (int i = 0; i < t.length; i++) {
            int c = i % classes;
            double share = smoothing / classes + (c == labels[i / classes] ? 1 - smoothing : 0);
            t[i] = v[i / classes] * (hasClassWeights() ? classWeights[c] : 1) * share;
        }
        Tensor targets = Tensor.of(t, labels.length, classes).to(outputs.value().dtype());
        Variable logP = Ops.logSoftmax(outputs);
        return Ops.scale(Ops.sum(Ops.mul(logP, outputs.tape().constant(targets))), -1 / weight(batch));
    }

    @Override
    public double weight(Batch batch) {
        Labels labels = labels(batch);
        if (hasClassWeights() && labels.classes() > classWeights.length) {
            throw new IllegalArgumentException(
                    name() + ": expected one for each of " + labels.classes() + " classes, got " + classWeights.length);
        }
        if (areCosts || !hasClassWeights()) {
            return ExampleLoss.totalWeight(batch);
        }
        double[] v = batch.weights();
        double sum = 0;
        for (int i = 0; i < v.length; i++) {
            sum += v[i] * classWeights[labels.get(i)];
        }
        return sum;
    }

    private String name() {
        return areCosts ? "classCosts" : "classWeights";
    }

    private static Labels labels(Batch batch) {
        if (batch.targets() instanceof Labels labels) {
            return labels;
        }
        throw new IllegalArgumentException("cross-entropy: expected class labels, got values to predict; use a loss of"
                + " values, such as Loss.meanSquaredError(), or Loss.binaryCrossEntropy() for several labels");
    }

    /** The name of the loss with its settings. */
    @Override
    public String toString() {
        return "cross-entropy"
                + (smoothing == 0 ? "" : ", label smoothing " + Decimal.exact(smoothing))
                + (hasClassWeights()
                        ? (areCosts ? ", class costs " : ", class weights ")
                                + Arrays.stream(classWeights)
                                        .mapToObj(Decimal::exact)
                                        .collect(Collectors.joining(", "))
                        : "");
    }
}
