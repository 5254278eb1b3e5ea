package io.github.masktape.cli.terminal;

import java.io.PrintWriter;

/**
 * Where a command writes.
 *
 * @param terminal whether {@code err} is a terminal, on which a line can be drawn over
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean terminal) {}
