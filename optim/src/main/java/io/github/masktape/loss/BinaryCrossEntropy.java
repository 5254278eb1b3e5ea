// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.loss;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Labels;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The binary cross-entropy of several labels; see {@link Loss#binaryCrossEntropy}. */
public final class BinaryCrossEntropy implements Loss {
    private static final String NAME = "binary cross-entropy";

    /** Empty for 1 everywhere. */
    private final double[] positiveWeights;

    BinaryCrossEntropy(double... positiveWeights) {
        CrossEntropy.requirePositive("positiveWeights", positiveWeights);
        this.positiveWeights = positiveWeights.clone();
    }

    /**
     * {@inheritDoc}
     *
     * <pre>
     *   l = (1 − t)·z + a·softplus(−z)      a = 1 + (p − 1)·t
     * </pre>
     */
    @Override
    public Variable of(Variable outputs, Batch batch) {
        Tensor t = targets(outputs, batch);
        Tensor a = Tensor.full(t.dtype(), 1, t.shape().dims());
        int labels = t.shape().dim(1);
        if (positiveWeights.length > 0) {
            if (positiveWeights.length != labels) {
                throw new IllegalArgumentException("positiveWeights: expected one for each of " + labels
                        + " labels, got " + positiveWeights.length);
            }
            Tensor p = Tensor.of(positiveWeights).to(t.dtype());
            a = a.add(t.mul(p.plus(-1).repeatRows(t.shape().dim(0))));
        }
        Tape tape = outputs.tape();
        Variable linear = Ops.mul(outputs, tape.constant(t.neg().plus(1)));
        return ExampleLoss.mean(Ops.add(linear, Ops.mul(Ops.softplus(Ops.neg(outputs)), tape.constant(a))), batch);
    }

    /** The values of a batch, or a column of its labels, of which there must be two classes. */
    private static Tensor targets(Variable outputs, Batch batch) {
        if (!(batch.targets() instanceof Labels labels)) {
            return ValueLoss.values(NAME, outputs, batch);
        }
        requireTwoClasses(labels);
        int n = labels.size();
        if (!outputs.shape().equals(Shape.of(n, 1))) {
            throw new IllegalArgumentException("net: expected outputs of " + n
                    + "×1, a logit for each example, for the " + NAME + " of two classes, got " + outputs.shape());
        }
        double[] column = Arrays.stream(labels.toArray()).asDoubleStream().toArray();
        return Tensor.of(column, n, 1).to(outputs.dtype());
    }

    private static void requireTwoClasses(Labels labels) {
        if (labels.classes() != 2) {
            throw new IllegalArgumentException(NAME + ": expected values in [0, 1] or labels of 2 classes, got "
                    + labels.classes() + " classes; use Loss.crossEntropy()");
        }
    }

    @Override
    public double weight(Batch batch) {
        if (batch.targets() instanceof Labels labels) {
            requireTwoClasses(labels);
        }
        return ExampleLoss.totalWeight(batch);
    }

    @Override
    public String toString() {
        return positiveWeights.length == 0
                ? NAME
                : NAME + " with positive weights "
                        + Arrays.stream(positiveWeights)
                                .mapToObj(Decimal::exact)
                                .collect(Collectors.joining(", "));
    }
}
