// SPDX-License-Identifier: Apache-2.0
/** The layers Linear, DropConnect, Dropout and the activations, and the networks composed of them. */
module io.github.masktape.layers {
    requires transitive io.github.masktape.core;
    requires static org.jspecify;

    exports io.github.masktape.layers;
}
