/**
 * The conformance kit: the laws of DropConnect, checked on any implementation that is given as small functions over
 * plain arrays. Start at {@link io.github.masktape.layers.conformance.Conformance#check}; {@link
 * io.github.masktape.layers.conformance.Implementation} says what to give.
 */
@NullMarked
package io.github.masktape.layers.conformance;

import org.jspecify.annotations.NullMarked;
