/** The comparison of the DropConnect paper on MNIST, scaled to a budget of time, as a program. */
@NullMarked
package io.github.masktape.paper;

import org.jspecify.annotations.NullMarked;
