// SPDX-License-Identifier: Apache-2.0
/** A comparison of Masktape, DJL/PyTorch and DL4J; {@link io.github.masktape.peers.PeersMain} is the program. */
@NullMarked
package io.github.masktape.peers;

import org.jspecify.annotations.NullMarked;
