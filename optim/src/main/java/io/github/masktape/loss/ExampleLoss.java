// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.loss;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.util.function.BiFunction;

/**
 * The weighted mean of the losses of examples.
 *
 * @param losses from outputs and batch to a vector or matrix of one row for each example
 */
record ExampleLoss(BiFunction<Variable, Batch, Variable> losses) implements Loss {
    @Override
    public Variable of(Variable outputs, Batch batch) {
        return mean(losses.apply(outputs, batch), batch);
    }

    @Override
    public double weight(Batch batch) {
        return totalWeight(batch);
    }

    /**
     * The mean of the losses, weighted by the examples' weights.
     *
     * <pre>
     *   y = Σᵢⱼ vᵢ·l[i, j] / (d·Σᵢ vᵢ)      l of n or n×d
     * </pre>
     */
    static Variable mean(Variable losses, Batch batch) {
        Shape shape = losses.shape();
        int n = batch.size();
        if (shape.rank() < 1 || shape.rank() > 2 || shape.dim(0) != n) {
            throw new IllegalArgumentException(
                    "loss: expected a vector or matrix of one row for each of " + n + " examples, got shape " + shape);
        }
        if (!batch.isWeighted()) {
            return Ops.mean(losses);
        }
        double[] weights = batch.weights();
        int d = shape.size() / n;
        double[] all = new double[n * d];
        for (int i = 0; i < all.length; i++) {
            all[i] = weights[i / d];
        }
        Tensor v = Tensor.of(all).to(losses.value().dtype()).reshape(shape);
        return Ops.scale(Ops.sum(Ops.mul(losses, losses.tape().constant(v))), 1 / (d * sum(weights)));
    }

    /** The sum of the examples' weights. */
    static double totalWeight(Batch batch) {
        return batch.isWeighted() ? sum(batch.weights()) : batch.size();
    }

    private static double sum(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        return sum;
    }

    @Override
    public String toString() {
        return "a loss of examples of your own";
    }
}
