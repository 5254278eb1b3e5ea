// SPDX-License-Identifier: Apache-2.0
/** A program that repeats the DropConnect paper's comparison on MNIST, scaled to a budget of time. */
@NullMarked
package io.github.masktape.paper;

import org.jspecify.annotations.NullMarked;
