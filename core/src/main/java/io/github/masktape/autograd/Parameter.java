package io.github.masktape.autograd;

import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;

/**
 * A tensor that training changes: it lives outside the tapes, and each tape that uses it asks for its gradient. Two
 * parameters are the same only if they are one object.
 */
public final class Parameter extends MutableTensor {
    /** A parameter that holds {@code value} first. */
    public Parameter(Tensor value) {
        super(value);
    }

    /** The shape and dtype. */
    @Override
    public String toString() {
        return "parameter " + shape() + " " + dtype();
    }
}
