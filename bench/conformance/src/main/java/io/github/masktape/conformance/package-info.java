/**
 * The conformance kit: the laws of DropConnect, checked on any implementation that is given as small functions over
 * plain arrays. Start at {@link io.github.masktape.conformance.Conformance#check}; {@link
 * io.github.masktape.conformance.Implementation} says what to give.
 */
@NullMarked
package io.github.masktape.conformance;

import org.jspecify.annotations.NullMarked;
