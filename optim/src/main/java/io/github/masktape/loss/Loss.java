// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.loss;

import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Labels;
import io.github.masktape.data.Targets;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;

/**
 * A function of a network's outputs and a batch that training makes small, and a lambda if it is your own:
 *
 * <pre>{@code
 * Loss sharp = (outputs, batch) -> Ops.mean(Ops.square(Ops.square(Ops.sub(outputs, outputs.tape().constant(batch.values())))));
 * }</pre>
 *
 * <p>The losses made here are means over examples. With lᵢ for the loss of example i and vᵢ for its {@linkplain
 * io.github.masktape.data.Dataset#withWeights weight}, which is 1 if the data have none,
 *
 * <pre>
 *   loss of a batch  = Σᵢ vᵢ·lᵢ / Σᵢ vᵢ            over the batch
 *   loss of an epoch = Σ_b W_b·loss_b / Σ_b W_b    over its batches, W_b = Σᵢ vᵢ: the mean over all examples
 * </pre>
 */
@FunctionalInterface
public interface Loss {
    /**
     * The loss of a batch, a scalar on the tape of the outputs.
     *
     * @param outputs the network's outputs, one example a row
     */
    Variable of(Variable outputs, Batch batch);

    /**
     * The weight W of a batch in the mean of an epoch, by default its number of examples.
     *
     * @throws IllegalArgumentException by default, if the examples have weights, which a loss must not ignore
     */
    default double weight(Batch batch) {
        if (batch.isWeighted()) {
            throw new IllegalArgumentException("loss: expected examples without weights, got weighted ones; make a loss"
                    + " that weights them with Loss.ofExamples, or override Loss.weight");
        }
        return batch.size();
    }

    /** The loss that suits targets: {@link #crossEntropy} for labels, {@link #meanSquaredError} for values. */
    static Loss of(Targets targets) {
        return targets instanceof Labels ? crossEntropy() : meanSquaredError();
    }

    // ---- labels ----

    /** The cross-entropy of class labels; the network's outputs are logits. */
    static CrossEntropy crossEntropy() {
        return CrossEntropy.PLAIN;
    }

    // ---- values ----

    /**
     * The mean squared error.
     *
     * <pre>
     *   lᵢ = 1/d · Σⱼ (y[i, j] − t[i, j])²      d values an example
     * </pre>
     */
    static ValueLoss meanSquaredError() {
        return ValueLoss.MEAN_SQUARED_ERROR;
    }

    /**
     * The Huber loss: squared for small errors, linear for large ones, so that outliers count less.
     *
     * <pre>
     *   r  = y[i, j] − t[i, j]
     *   lᵢ = 1/d · Σⱼ (|r| ≤ δ ? r²/2 : δ·(|r| − δ/2))
     * </pre>
     *
     * <p>Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics, 1964.
     *
     * @param delta δ, the largest small error, in the unit of the targets
     */
    static ValueLoss huber(double delta) {
        return ValueLoss.huber(delta);
    }

    /**
     * The pinball loss, whose minimum is a quantile: with probability τ, a target is at most the output.
     *
     * <pre>
     *   r  = t[i, j] − y[i, j]
     *   lᵢ = 1/d · Σⱼ max(τⱼ·r, (τⱼ − 1)·r)     its gradient at r = 0 is 0
     * </pre>
     *
     * <p>Koenker, Bassett, "Regression Quantiles", Econometrica, 1978.
     *
     * @param quantiles τ, in (0, 1): one for all values of an example, or one for each; to predict several quantiles of
     *     one number, repeat it as targets
     */
    static ValueLoss pinball(double... quantiles) {
        return ValueLoss.pinball(quantiles);
    }

    /**
     * A loss of values of your own, given for each element.
     *
     * @param elements from outputs and targets, two matrices of one shape, to their losses, of the same shape
     */
    static ValueLoss ofElements(BinaryOperator<Variable> elements) {
        return new ValueLoss("a loss of elements of your own", elements);
    }

    // ---- anything else ----

    /**
     * The binary cross-entropy of several labels, of which an example may have any number. The targets are values in
     * [0, 1], one column for each label; the network's outputs are logits. For class labels of two classes, the network
     * has one output, the logit of class 1. Computed so that large logits do not overflow.
     *
     * <pre>
     *   lᵢ = −1/d · Σⱼ (pⱼ·t·ln σ(z) + (1 − t)·ln(1 − σ(z)))      z = z[i, j], t = t[i, j], σ(z) = 1/(1 + e⁻ᶻ)
     * </pre>
     *
     * @param positiveWeights p, a positive weight for each label where it is present, as PyTorch's {@code pos_weight};
     *     none for 1 everywhere. They do not count in the divisor.
     */
    static BinaryCrossEntropy binaryCrossEntropy(double... positiveWeights) {
        return new BinaryCrossEntropy(positiveWeights);
    }

    /**
     * A loss of your own, given for each example; weights of examples then need no code of your own.
     *
     * @param losses from the network's outputs and the batch to the losses lᵢ: a vector of one number for each example,
     *     or a matrix of one row for each, whose mean is the example's loss
     */
    static Loss ofExamples(BiFunction<Variable, Batch, Variable> losses) {
        return new ExampleLoss(losses);
    }
}
