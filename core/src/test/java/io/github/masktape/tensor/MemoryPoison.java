// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

/** Fills the memory of a workspace, so that a result which is not written whole shows it. */
public final class MemoryPoison {
    private static final int ARRAYS = 20;
    private static final int LONGEST = 140;

    private MemoryPoison() {}

    /** After that, the next arrays of up to 140 elements hold NaN, or bits that are all 1; ends what was there. */
    public static void in(Workspace workspace) {
        workspace.recycle();
        for (DType dtype : DType.values()) {
            Tensor nan = workspace.borrow(Tensor.full(dtype, Double.NaN));
            for (int length = 1; length <= LONGEST; length++) {
                for (int i = 0; i < ARRAYS; i++) {
                    nan.expand(Shape.of(length));
                }
            }
        }
        for (int length = 1; length <= LONGEST; length++) {
            workspace.bernoulli(length, 1, 32, 0, 1);
        }
        workspace.recycle();
    }
}
