/** Files: reading and writing tensors, and what is said of a broken file. */
@NullMarked
package io.github.masktape.io;

import org.jspecify.annotations.NullMarked;
