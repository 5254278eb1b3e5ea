/** A training run: its folder, its checkpoints, and all that it writes. */
@NullMarked
package io.github.masktape.cli.run;

import org.jspecify.annotations.NullMarked;
