// SPDX-License-Identifier: Apache-2.0
/** The number formats of the messages of broken laws. */
@NullMarked
package io.github.masktape.conformance.text;

import org.jspecify.annotations.NullMarked;
