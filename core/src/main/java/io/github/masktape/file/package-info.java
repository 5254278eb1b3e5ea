/** Writing files safely and in time. Exported to our own modules only. */
@NullMarked
package io.github.masktape.file;

import org.jspecify.annotations.NullMarked;
