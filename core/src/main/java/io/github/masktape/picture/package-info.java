// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures of tensors and masks ({@link io.github.masktape.picture.Heatmap}) and of a tape and its gradients ({@link
 * io.github.masktape.picture.TapePicture}).
 */
@NullMarked
package io.github.masktape.picture;

import org.jspecify.annotations.NullMarked;
