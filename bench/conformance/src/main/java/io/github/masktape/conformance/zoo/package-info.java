// SPDX-License-Identifier: Apache-2.0
/**
 * The bug zoo: wrong implementations of DropConnect that look right, each modeled on a published one. {@link
 * io.github.masktape.conformance.zoo.PlainDropConnect} is the correct one from which they are derived.
 */
@NullMarked
package io.github.masktape.conformance.zoo;

import org.jspecify.annotations.NullMarked;
