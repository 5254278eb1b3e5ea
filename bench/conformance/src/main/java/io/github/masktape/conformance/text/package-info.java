/** Numbers as the messages of broken laws show them. */
@NullMarked
package io.github.masktape.conformance.text;

import org.jspecify.annotations.NullMarked;
