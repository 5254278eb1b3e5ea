// SPDX-License-Identifier: Apache-2.0
/** Sweeps: many trainings over settings and folds, whose results are stored one by one. */
@NullMarked
package io.github.masktape.cli.sweep;

import org.jspecify.annotations.NullMarked;
