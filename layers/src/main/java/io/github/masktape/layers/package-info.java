/**
 * Layers of a network; {@link io.github.masktape.layers.DropConnect} is what the project is about.
 */
@NullMarked
package io.github.masktape.layers;

import org.jspecify.annotations.NullMarked;
