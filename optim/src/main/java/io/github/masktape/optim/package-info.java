/** Training: {@link io.github.masktape.optim.Trainer} runs it, {@link io.github.masktape.optim.SGD} makes the steps. */
@NullMarked
package io.github.masktape.optim;

import org.jspecify.annotations.NullMarked;
