/**
 * Numbers: immutable dense tensors, bit masks, and where their memory comes from.
 *
 * <p>Start with {@link io.github.masktape.tensor.Tensor}; {@link io.github.masktape.tensor.Mask} is DropConnect's M.
 */
@NullMarked
package io.github.masktape.tensor;

import org.jspecify.annotations.NullMarked;
