// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;

/** A value on a tape: a leaf (constant, input, parameter) or the result of an op. */
public final class Variable {
    private final Tape tape;
    /** Twice the index, plus 1 if the gradient is wanted: a separate field would make each variable a third larger. */
    private final int indexAndWanted;

    private final Tensor value;

    Variable(Tape tape, int index, Tensor value, boolean wanted) {
        this.tape = tape;
        this.indexAndWanted = 2 * index + (wanted ? 1 : 0);
        this.value = value;
    }

    /** The tape that holds this variable. */
    public Tape tape() {
        return tape;
    }

    /** The number of its node on the tape, from 0; −1 on a tape for inference, which keeps none. */
    public int index() {
        return indexAndWanted >> 1;
    }

    /** The value, a tensor. */
    public Tensor value() {
        return value;
    }

    /** The shape of the value. */
    public Shape shape() {
        return value.shape();
    }

    /** The dtype of the value. */
    public DType dtype() {
        return value.dtype();
    }

    /** True if backward computes the gradient here: this is, or depends on, an input or a parameter. */
    public boolean isWanted() {
        return (indexAndWanted & 1) != 0;
    }

    /** The node's number, shape and value as text. */
    @Override
    public String toString() {
        return (index() < 0 ? "variable" : "#" + index()) + " (" + shape() + ")\n" + value;
    }
}
