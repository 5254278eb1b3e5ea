// SPDX-License-Identifier: Apache-2.0
/** Loops over arrays, elementary functions, and the seam to the platform. Not exported. */
@NullMarked
package io.github.masktape.internal;

import org.jspecify.annotations.NullMarked;
