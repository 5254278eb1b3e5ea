/** Example programs that the pages show. */
@NullMarked
package io.github.masktape.docs;

import org.jspecify.annotations.NullMarked;
