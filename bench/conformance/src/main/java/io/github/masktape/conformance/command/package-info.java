// SPDX-License-Identifier: Apache-2.0
/** The kit as a program, which checks our own layer or the bug zoo. */
@NullMarked
package io.github.masktape.conformance.command;

import org.jspecify.annotations.NullMarked;
