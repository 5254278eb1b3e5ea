/**
 * Pictures: {@link io.github.masktape.picture.Heatmap} shows a tensor or a mask,
 * {@link io.github.masktape.picture.TapePicture} a tape and its gradients.
 */
@NullMarked
package io.github.masktape.picture;

import org.jspecify.annotations.NullMarked;
