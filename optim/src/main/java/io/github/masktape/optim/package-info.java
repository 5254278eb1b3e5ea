// SPDX-License-Identifier: Apache-2.0
/**
 * The training loop, {@link io.github.masktape.optim.Trainer}, and its optimizers, {@link io.github.masktape.optim.SGD},
 * {@link io.github.masktape.optim.Adam}, {@link io.github.masktape.optim.AdamW} and {@link
 * io.github.masktape.optim.MovingAverage}.
 */
@NullMarked
package io.github.masktape.optim;

import org.jspecify.annotations.NullMarked;
