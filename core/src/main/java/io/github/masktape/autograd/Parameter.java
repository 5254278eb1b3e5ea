// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;

/**
 * A tensor that training changes: it lives outside the tapes, and each tape that uses it computes its gradient. Two
 * parameters are the same only if they are one object.
 */
public final class Parameter extends MutableTensor {
    /** A parameter with the initial value {@code value}. */
    public Parameter(Tensor value) {
        super(value);
    }

    /** The shape and dtype as text. */
    @Override
    public String toString() {
        return "parameter " + shape() + " " + dtype();
    }
}
