/** The options of commands, and how they become settings. */
@NullMarked
package io.github.masktape.cli.options;

import org.jspecify.annotations.NullMarked;
