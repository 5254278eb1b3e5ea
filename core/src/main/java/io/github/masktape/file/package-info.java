// SPDX-License-Identifier: Apache-2.0
/** Safe and timely writing of files. Exported to our own modules only. */
@NullMarked
package io.github.masktape.file;

import org.jspecify.annotations.NullMarked;
