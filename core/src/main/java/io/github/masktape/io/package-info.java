// SPDX-License-Identifier: Apache-2.0
/** Readers and writers of tensor files, and the exception for broken files. */
@NullMarked
package io.github.masktape.io;

import org.jspecify.annotations.NullMarked;
