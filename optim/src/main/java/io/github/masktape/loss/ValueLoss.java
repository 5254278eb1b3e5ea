// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.loss;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * A loss that compares each output with a value, in the unit of the values, so that a root mean squared error and an R²
 * of the outputs make sense too. {@link Loss} makes them.
 */
public final class ValueLoss implements Loss {
    static final ValueLoss MEAN_SQUARED_ERROR =
            new ValueLoss("mean squared error", (y, t) -> Ops.square(Ops.sub(y, t)));

    private final String name;
    private final BinaryOperator<Variable> elements;

    /** @param elements from outputs and targets to a loss for each element */
    ValueLoss(String name, BinaryOperator<Variable> elements) {
        this.name = name;
        this.elements = elements;
    }

    static ValueLoss huber(double delta) {
        if (!(delta > 0 && delta <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "huber: delta: expected a positive, finite number, got " + Decimal.shortest(delta, 6));
        }
        return new ValueLoss("Huber loss of delta " + Decimal.exact(delta), (y, t) -> {
            Variable r = Ops.sub(y, t);
            Variable c = Ops.clamp(r, -delta, delta);
            // c·(r − c/2): r²/2 where c = r, δ·(|r| − δ/2) where c = ±δ.
            return Ops.mul(c, Ops.sub(r, Ops.scale(c, 0.5)));
        });
    }

    static ValueLoss pinball(double... quantiles) {
        double[] own = quantiles.clone();
        for (double quantile : own) {
            if (!(quantile > 0 && quantile < 1)) {
                throw new IllegalArgumentException(
                        "pinball: quantile: expected a number in (0, 1), got " + Decimal.shortest(quantile, 6));
            }
        }
        if (own.length == 0) {
            throw new IllegalArgumentException("pinball: expected at least one quantile, got none");
        }
        String name = Arrays.stream(own).mapToObj(Decimal::exact).collect(Collectors.joining(", "));
        return new ValueLoss("pinball loss of quantile " + name, (y, t) -> {
            Variable r = Ops.sub(t, y);
            if (own.length == 1) {
                return Ops.add(Ops.scale(Ops.relu(r), own[0]), Ops.scale(Ops.relu(Ops.neg(r)), 1 - own[0]));
            }
            int columns = y.shape().dim(1);
            if (own.length != columns) {
                throw new IllegalArgumentException(
                        "pinball: expected one quantile or " + columns + " as outputs, got " + own.length);
            }
            Tensor tau = Tensor.of(own).to(y.value().dtype());
            int n = y.shape().dim(0);
            Variable above = y.tape().constant(tau.repeatRows(n));
            Variable below = y.tape().constant(tau.neg().plus(1).repeatRows(n));
            return Ops.add(Ops.mul(Ops.relu(r), above), Ops.mul(Ops.relu(Ops.neg(r)), below));
        });
    }

    @Override
    public Variable of(Variable outputs, Batch batch) {
        Variable targets = outputs.tape().constant(values(name, outputs, batch));
        return this == MEAN_SQUARED_ERROR && !batch.isWeighted()
                ? Ops.meanSquaredError(outputs, targets)
                : ExampleLoss.mean(elements.apply(outputs, targets), batch);
    }

    static void requireValues(String loss, Batch batch) {
        if (batch.hasLabels()) {
            throw new IllegalArgumentException(
                    loss + ": expected values to predict, got class labels; use Loss.crossEntropy()");
        }
    }

    /** The values of a batch, of the outputs' shape. */
    static Tensor values(String loss, Variable outputs, Batch batch) {
        requireValues(loss, batch);
        Tensor values = batch.values();
        if (!values.shape().equals(outputs.shape())) {
            throw new IllegalArgumentException("net: expected outputs of the shape of the values, " + values.shape()
                    + ", for the " + loss + ", got " + outputs.shape());
        }
        return values;
    }

    @Override
    public double weight(Batch batch) {
        requireValues(name, batch);
        return ExampleLoss.totalWeight(batch);
    }

    /** The name of the loss with its settings. */
    @Override
    public String toString() {
        return name;
    }
}
