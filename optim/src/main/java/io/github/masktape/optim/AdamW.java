// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Parameter;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Adam with decoupled weight decay λ, which shrinks weights and does not pass through m and v, equivalent to PyTorch's.
 *
 * <pre>
 *   m' = m + (1 − β₁)·(g − m)                                     m is 0 at first
 *   v' = v + (1 − β₂)·(g² − v)                                    v is 0 at first
 *   w' = (1 − η·λ)·w − η/(1 − β₁ᵗ) · m'/(√v'/√(1 − β₂ᵗ) + ε)      in step t, from 1
 * </pre>
 *
 * <p>By default β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ and λ = 0.01. With λ = 0 it is {@link Adam}.
 *
 * <p>The methods that begin with {@code with} return a new optimizer of the same parameters, which has made no steps.
 *
 * <p>Loshchilov, Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.
 */
public final class AdamW implements Optimizer {
    private final Adam adam;

    /**
     * An optimizer of the parameters that are in the map now. A parameter that several layers share is updated once,
     * under the first of its names in alphabetical order.
     *
     * @throws IllegalArgumentException if there is no parameter
     */
    public AdamW(Map<String, Parameter> parameters, LearningRate learningRate) {
        this(new Adam(parameters, learningRate, 0.01, true));
    }

    private AdamW(Adam adam) {
        this.adam = adam;
    }

    /** An optimizer with these decay rates of m and v, each in [0, 1). */
    public AdamW withBetas(double beta1, double beta2) {
        return new AdamW(adam.withBetas(beta1, beta2));
    }

    /** An optimizer with this ε > 0, which keeps the quotient finite where all gradients were 0. */
    public AdamW withEpsilon(double epsilon) {
        return new AdamW(adam.withEpsilon(epsilon));
    }

    /** An optimizer with weight decay λ ≥ 0 of all parameters that have none of their own. */
    public AdamW withWeightDecay(double weightDecay) {
        return new AdamW(adam.withWeightDecay(weightDecay));
    }

    /**
     * An optimizer with weight decay λ ≥ 0 of some parameters, for example 0 of biases: {@code
     * withWeightDecay(name -> name.endsWith("bias"), 0)}.
     *
     * @param names true for their names, of which there must be at least one
     */
    public AdamW withWeightDecay(Predicate<String> names, double weightDecay) {
        return new AdamW(adam.withWeightDecay(names, weightDecay));
    }

    /**
     * An optimizer that multiplies the learning rate η of some parameters by a factor above 0, also where η multiplies
     * λ.
     *
     * @param names true for their names, of which there must be at least one
     */
    public AdamW withRateFactor(Predicate<String> names, double factor) {
        return new AdamW(adam.withRateFactor(names, factor));
    }

    @Override
    public void step(Gradients gradients) {
        adam.step(gradients);
    }

    @Override
    public List<Parameter> parameters() {
        return adam.parameters();
    }

    @Override
    public boolean isIdle(long steps) {
        return adam.isIdle(steps);
    }

    /** The number of steps made. */
    public long steps() {
        return adam.steps();
    }

    /** {@inheritDoc} Its tensors and settings have the names of {@link Adam#state}, but for the weight decay. */
    @Override
    public State state() {
        return adam.state();
    }

    @Override
    public void restore(State state) {
        adam.restore(state);
    }

    /** The number of parameters and steps, and the settings. */
    @Override
    public String toString() {
        return adam.toString();
    }
}
