// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

/** The arithmetic of a tensor: FLOAT64 is the reference, FLOAT32 is for training. The two never mix in one op. */
public enum DType {
    /** Double precision, multiply and add rounded separately: loops that read like the formula. */
    FLOAT64,
    /** Single precision, products accumulated by fused multiply-add. */
    FLOAT32
}
