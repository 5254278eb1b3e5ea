// SPDX-License-Identifier: Apache-2.0
/** The settings of a training run as values. */
@NullMarked
package io.github.masktape.cli.settings;

import org.jspecify.annotations.NullMarked;
