/** PyTorch, as the other packages use it. */
@NullMarked
package io.github.masktape.peers.torch;

import org.jspecify.annotations.NullMarked;
