// SPDX-License-Identifier: Apache-2.0
/** The bytes of a table: unpacking, text encodings, delimiters, cells, numbers, dates and the statistics of columns. */
@NullMarked
package io.github.masktape.table;

import org.jspecify.annotations.NullMarked;
