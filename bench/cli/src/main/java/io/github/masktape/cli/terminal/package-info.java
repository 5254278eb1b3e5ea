// SPDX-License-Identifier: Apache-2.0
/**
 * The connection of a command with its terminal and process: streams, text tables, a status line, failures, Ctrl-C, and
 * a second JVM with vectors.
 */
@NullMarked
package io.github.masktape.cli.terminal;

import org.jspecify.annotations.NullMarked;
