// SPDX-License-Identifier: Apache-2.0
/** The charts and the report of a training run. */
@NullMarked
package io.github.masktape.report;

import org.jspecify.annotations.NullMarked;
