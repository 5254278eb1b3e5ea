/**
 * The bug zoo: wrong implementations of DropConnect that look right, each made after one that somebody published. {@link
 * io.github.masktape.conformance.zoo.PlainDropConnect} is the right one they all differ from.
 */
@NullMarked
package io.github.masktape.conformance.zoo;

import org.jspecify.annotations.NullMarked;
