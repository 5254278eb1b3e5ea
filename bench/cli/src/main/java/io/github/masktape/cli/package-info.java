// SPDX-License-Identifier: Apache-2.0
/** The command line program {@code masktape}. */
@NullMarked
package io.github.masktape.cli;

import org.jspecify.annotations.NullMarked;
