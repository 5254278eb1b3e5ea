// SPDX-License-Identifier: Apache-2.0
/** The generator of the documentation site: {@link io.github.masktape.docs.Site} is the program. */
@NullMarked
package io.github.masktape.docs;

import org.jspecify.annotations.NullMarked;
