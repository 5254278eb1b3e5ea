// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import java.util.Arrays;

/**
 * The lengths of a tensor's axes, outermost first; rank 0 is a scalar. No axis is ever empty, added or squeezed
 * silently.
 */
public final class Shape {
    private static final Shape SCALAR = new Shape(new int[0], 1);

    private final int[] dims;
    private final int size;

    private Shape(int[] dims, int size) {
        this.dims = dims;
        this.size = size;
    }

    /**
     * A shape of the given axis lengths.
     *
     * @throws IllegalArgumentException if a length is below 1 or the element count does not fit an int
     */
    public static Shape of(int... dims) {
        if (dims.length == 0) {
            return SCALAR;
        }
        long size = 1;
        for (int dim : dims) {
            if (dim < 1) {
                throw new IllegalArgumentException("shape: expected dimensions of at least 1, got " + join(dims));
            }
            size *= dim;
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "shape: at most " + Integer.MAX_VALUE + " elements fit one tensor, got " + join(dims));
            }
        }
        return new Shape(dims.clone(), (int) size);
    }

    /** The shape of a single number, rank 0. */
    public static Shape scalar() {
        return SCALAR;
    }

    /** The number of axes. */
    public int rank() {
        return dims.length;
    }

    /** The length of one axis. */
    public int dim(int axis) {
        if (axis < 0 || axis >= dims.length) {
            throw new IllegalArgumentException("shape " + this + ": has no axis " + axis);
        }
        return dims[axis];
    }

    /** The axis lengths, a copy. */
    public int[] dims() {
        return dims.clone();
    }

    /** The number of elements. */
    public int size() {
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape that && Arrays.equals(dims, that.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** The lengths joined by ×, as in {@code 2×3}; {@code scalar} for rank 0. */
    @Override
    public String toString() {
        return dims.length == 0 ? "scalar" : join(dims);
    }

    private static String join(int[] dims) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < dims.length; i++) {
            text.append(i == 0 ? "" : "×").append(dims[i]);
        }
        return text.toString();
    }
}
