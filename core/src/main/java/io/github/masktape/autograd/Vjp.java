package io.github.masktape.autograd;

import io.github.masktape.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * The vector-Jacobian product of an op with respect to one of its inputs: from dy, the gradient of the loss at the op's
 * result, to the gradient at that input.
 *
 * @param input the input
 * @param rule dy ↦ dyᵀ · ∂y/∂input, of the input's shape; called at most once, and not at all if no gradient is wanted
 */
public record Vjp(Variable input, UnaryOperator<Tensor> rule) {}
