// SPDX-License-Identifier: Apache-2.0
/** Losses, optimizers, the training loop, checkpoints, and data sets. */
module io.github.masktape.optim {
    requires transitive io.github.masktape.core;
    requires static org.jspecify;

    exports io.github.masktape.data;
    exports io.github.masktape.loss;
    exports io.github.masktape.optim;
}
