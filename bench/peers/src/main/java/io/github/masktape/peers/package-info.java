/** Masktape, DJL/PyTorch and DL4J side by side: {@link io.github.masktape.peers.PeersMain} tells the command. */
@NullMarked
package io.github.masktape.peers;

import org.jspecify.annotations.NullMarked;
