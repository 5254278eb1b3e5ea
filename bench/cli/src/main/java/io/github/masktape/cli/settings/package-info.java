/** The settings of a training run as values. */
@NullMarked
package io.github.masktape.cli.settings;

import org.jspecify.annotations.NullMarked;
