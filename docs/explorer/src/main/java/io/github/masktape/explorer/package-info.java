// SPDX-License-Identifier: Apache-2.0
/** The computations behind the explorer page: one lesson ({@link Lesson}), three nets that train ({@link Training}). */
@NullMarked
package io.github.masktape.explorer;

import org.jspecify.annotations.NullMarked;
