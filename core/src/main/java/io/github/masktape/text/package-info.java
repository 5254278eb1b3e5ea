// SPDX-License-Identifier: Apache-2.0
/** Formatting of numbers, and sanitizing and escaping of text. Exported to our own modules only. */
@NullMarked
package io.github.masktape.text;

import org.jspecify.annotations.NullMarked;
