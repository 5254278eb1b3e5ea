// SPDX-License-Identifier: Apache-2.0
/** Elementary functions and random bits, the same on every machine. Exported to our own modules only. */
@NullMarked
package io.github.masktape.math;

import org.jspecify.annotations.NullMarked;
