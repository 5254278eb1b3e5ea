// SPDX-License-Identifier: Apache-2.0
/**
 * Immutable dense tensors, bit masks, and the memory they use.
 *
 * <p>Start with {@link io.github.masktape.tensor.Tensor}; {@link io.github.masktape.tensor.Mask} is DropConnect's M.
 */
@NullMarked
package io.github.masktape.tensor;

import org.jspecify.annotations.NullMarked;
