// SPDX-License-Identifier: Apache-2.0
/** Training runs, their folders, checkpoints and other files. */
@NullMarked
package io.github.masktape.cli.run;

import org.jspecify.annotations.NullMarked;
