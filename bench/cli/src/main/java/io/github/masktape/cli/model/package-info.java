// SPDX-License-Identifier: Apache-2.0
/** Files, outputs and the ONNX export of saved models. */
@NullMarked
package io.github.masktape.cli.model;

import org.jspecify.annotations.NullMarked;
