// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The vector-Jacobian product of an op with respect to one of its inputs: from dy, the gradient of the loss at the op's
 * result y, to the gradient at that input, dyᵀ · ∂y/∂input, of the input's shape.
 *
 * <p>A rule is written with ops, so that its computation can be recorded and differentiated again. It is called once by
 * {@link Tape#backward}, once by each {@link Tape#gradients}, and not at all where no gradient is wanted.
 */
public sealed interface Vjp {
    /** The input that the gradient is for. */
    Variable input();

    /**
     * A rule that needs dy and the values it captures.
     *
     * @param input the x of dx
     * @param rule dy ↦ dx
     */
    record OfGradient(Variable input, UnaryOperator<Variable> rule) implements Vjp {}

    /**
     * A rule that needs the op's result as well, as that of exp does.
     *
     * @param input the x of dx
     * @param rule (dy, y) ↦ dx
     */
    record OfGradientAndResult(Variable input, BinaryOperator<Variable> rule) implements Vjp {}

    /**
     * The rule of an input whose derivative is 0 wherever it exists.
     *
     * @param input the x of dx
     */
    record Zero(Variable input) implements Vjp {}
}
