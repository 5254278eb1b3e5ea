// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;

/**
 * The signs from which {@link MaskSharing#FLIPOUT} makes the masks of a batch. Each is a mask: kept is +1, dropped −1.
 *
 * @param s S, l×d, which all examples share
 * @param u U, the signs of each example's outputs, n×1×l
 * @param v V, the signs of each example's inputs, n×1×d
 */
record Flipout(Mask s, Mask u, Mask v) {
    /** The only drop probability: a product of random signs is as often +1 as −1. */
    static final double DROP_PROBABILITY = 0.5;

    /** Draws the signs of a place: S as the mask that a batch would share, U and V from its children 1 and 2. */
    static Flipout draw(int examples, int outputs, int inputs, Pass place) {
        return new Flipout(
                place.mask(1, outputs, inputs, DROP_PROBABILITY),
                place.child(1).mask(examples, 1, outputs, DROP_PROBABILITY),
                place.child(2).mask(examples, 1, inputs, DROP_PROBABILITY));
    }

    /** The masks M of all examples, n×l×d. */
    Mask masks() {
        return Mask.ofSigns(s, u, v);
    }

    /**
     * The masked product, without the masks.
     *
     * <pre>
     *   y[n, :] = (W ⊙ Mₙ) xₙ = W xₙ + uₙ ⊙ ((W ⊙ S) (xₙ ⊙ vₙ))
     * </pre>
     */
    Variable product(Variable x, Variable w) {
        Variable signed = Ops.matmulTransposed(flip(x, v), flip(w, s));
        return Ops.add(Ops.matmulTransposed(x, w), flip(signed, u));
    }

    /**
     * Product with signs, exact for numbers up to half of the largest one.
     *
     * <pre>
     *   y  = x ⊙ S      = 2·x where S is +1, else 0, minus x
     *   dx = dy ⊙ S
     * </pre>
     */
    private static Variable flip(Variable x, Mask signs) {
        return Ops.op("flip", flip(x.value(), signs), Ops.wrt(x, dy -> flip(dy, signs)));
    }

    private static Tensor flip(Tensor x, Mask signs) {
        int[] dims = {signs.examples(), signs.outputs(), signs.inputs()};
        Tensor doubled = signs.examples() == 1
                ? x.mask(signs)
                : x.reshape(dims).mask(signs).reshape(x.shape().dims());
        return doubled.sub(x);
    }
}
