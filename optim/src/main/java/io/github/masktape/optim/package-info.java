/**
 * The training loop, {@link io.github.masktape.optim.Trainer}, and its optimizer, {@link io.github.masktape.optim.SGD}.
 */
@NullMarked
package io.github.masktape.optim;

import org.jspecify.annotations.NullMarked;
