/** Saved models: their files, their outputs, and their export to ONNX. */
@NullMarked
package io.github.masktape.cli.model;

import org.jspecify.annotations.NullMarked;
