// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;

/**
 * The numbers to predict for each example.
 *
 * @param tensor examples×outputs
 */
public record Values(Tensor tensor) implements Targets {
    /**
     * Checks that the tensor is a matrix.
     *
     * @throws IllegalArgumentException if the tensor is not a matrix
     */
    public Values {
        if (tensor.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "targets: expected a matrix of one example a row, got a tensor of shape " + tensor.shape());
        }
    }

    @Override
    public int size() {
        return tensor.shape().dim(0);
    }

    @Override
    public int outputs() {
        return tensor.shape().dim(1);
    }

    @Override
    public String noun() {
        return "targets";
    }

    @Override
    public Values select(int[] examples) {
        return new Values(tensor.rows(examples));
    }

    @Override
    public Values select(int[] examples, Workspace workspace) {
        return new Values(workspace.borrow(tensor).rows(examples));
    }

    @Override
    public Values to(DType dtype) {
        return new Values(tensor.to(dtype));
    }

    /** The number of targets an example has: {@code 1 target}. */
    @Override
    public String toString() {
        return outputs() + (outputs() == 1 ? " target" : " targets");
    }
}
