// SPDX-License-Identifier: Apache-2.0
/** Random graphs of all ops, on Masktape's tape and on PyTorch's. */
@NullMarked
package io.github.masktape.peers.graphs;

import org.jspecify.annotations.NullMarked;
