/** Numbers and text of others as they may be shown and written. Exported to our own modules only. */
@NullMarked
package io.github.masktape.text;

import org.jspecify.annotations.NullMarked;
