/** Reading and writing files of tensors, and the exception for broken files. */
@NullMarked
package io.github.masktape.io;

import org.jspecify.annotations.NullMarked;
