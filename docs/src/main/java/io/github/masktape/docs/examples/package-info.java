// SPDX-License-Identifier: Apache-2.0
/**
 * Example programs for readers: {@link io.github.masktape.docs.examples.DropConnectByHand} is the course's layer
 * without a tape, {@link io.github.masktape.docs.examples.DoesItHelp} the experiment of its last chapter.
 */
@NullMarked
package io.github.masktape.docs.examples;

import org.jspecify.annotations.NullMarked;
