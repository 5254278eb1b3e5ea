// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

/**
 * A training pass under given masks, forward and backward: (x, W, b, M, dy) → (y, dX, dW, db).
 *
 * <pre>
 *   yₙ  = (W ⊙ Mₙ) xₙ + b
 *   dxₙ = (W ⊙ Mₙ)ᵀ dyₙ
 *   dW  = Σₙ (dyₙ xₙᵀ) ⊙ Mₙ      = Σₙ Jₙ ⊙ Mₙ
 *   db  = Σₙ dyₙ
 * </pre>
 */
@FunctionalInterface
public interface Backprop {
    /** Computes the result and the gradients of a case. */
    PassResult run(Case c);
}
