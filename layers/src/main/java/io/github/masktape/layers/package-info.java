// SPDX-License-Identifier: Apache-2.0
/** Layers of a network. The central one is {@link io.github.masktape.layers.DropConnect}. */
@NullMarked
package io.github.masktape.layers;

import org.jspecify.annotations.NullMarked;
