// SPDX-License-Identifier: Apache-2.0
/**
 * The conformance kit checks the laws of DropConnect on any implementation, given as small functions over plain arrays.
 * Start at {@link io.github.masktape.conformance.Conformance#check}; {@link
 * io.github.masktape.conformance.Implementation} lists the functions.
 */
@NullMarked
package io.github.masktape.conformance;

import org.jspecify.annotations.NullMarked;
