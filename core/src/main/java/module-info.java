// SPDX-License-Identifier: Apache-2.0
/** Tensors, masks, tensor files, the tape, the rulebook of ops with their gradients, and pictures of them. */
@SuppressWarnings("module") // Our other modules, which are compiled after this one.
module io.github.masktape.core {
    requires static jdk.incubator.vector;
    requires static org.jspecify;

    exports io.github.masktape.autograd;
    exports io.github.masktape.io;
    exports io.github.masktape.picture;
    exports io.github.masktape.tensor;
    exports io.github.masktape.file to
            io.github.masktape.optim;
    exports io.github.masktape.math to
            io.github.masktape.optim;
    exports io.github.masktape.text to
            io.github.masktape.layers,
            io.github.masktape.optim;
}
