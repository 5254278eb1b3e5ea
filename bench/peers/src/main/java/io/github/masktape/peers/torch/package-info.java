// SPDX-License-Identifier: Apache-2.0
/** PyTorch for the other packages. */
@NullMarked
package io.github.masktape.peers.torch;

import org.jspecify.annotations.NullMarked;
