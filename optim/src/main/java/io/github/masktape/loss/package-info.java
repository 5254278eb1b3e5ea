// SPDX-License-Identifier: Apache-2.0
/** Losses: what training makes small. {@link io.github.masktape.loss.Loss} is the one to write your own. */
@NullMarked
package io.github.masktape.loss;

import org.jspecify.annotations.NullMarked;
