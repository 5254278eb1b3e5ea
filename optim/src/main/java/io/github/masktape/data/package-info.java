/** Data to train on: files in the IDX format, generated digits, batches of either. */
@NullMarked
package io.github.masktape.data;

import org.jspecify.annotations.NullMarked;
