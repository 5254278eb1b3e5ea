// SPDX-License-Identifier: Apache-2.0
/**
 * Reverse-mode automatic differentiation on a tape.
 *
 * <p>Read {@link io.github.masktape.autograd.Ops} (the rulebook), then {@link io.github.masktape.autograd.Tape}; {@link
 * io.github.masktape.autograd.GradCheck} checks whether a rule is right.
 */
@NullMarked
package io.github.masktape.autograd;

import org.jspecify.annotations.NullMarked;
