// SPDX-License-Identifier: Apache-2.0
/** The options of commands and their conversion to settings. */
@NullMarked
package io.github.masktape.cli.options;

import org.jspecify.annotations.NullMarked;
