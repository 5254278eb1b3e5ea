// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import java.io.PrintWriter;

/**
 * The output streams of a command.
 *
 * @param terminal true if {@code err} is a terminal, on which a line can be overwritten
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean terminal) {}
