// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;

/**
 * A tensor that a layer carries from step to step and that is not a parameter, such as a running mean: it has no
 * gradient, and no optimizer changes it. The forward pass of training proposes a new value by {@link Tape#update}.
 * Files, checkpoints and copies hold buffers beside the parameters.
 */
public final class Buffer extends MutableTensor {
    /** A buffer with the initial value {@code value}. */
    public Buffer(Tensor value) {
        super(value);
    }

    /** The shape and dtype as text. */
    @Override
    public String toString() {
        return "buffer " + shape() + " " + dtype();
    }
}
