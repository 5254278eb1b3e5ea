/** What a command has to do with its terminal and its process: streams, tables in text, a status line, failures, Ctrl-C, and a second JVM with vectors. */
@NullMarked
package io.github.masktape.cli.terminal;

import org.jspecify.annotations.NullMarked;
