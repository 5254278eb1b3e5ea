// SPDX-License-Identifier: Apache-2.0
/** A program that uses Masktape, as a module. */
module consumer {
    requires io.github.masktape.layers;
    requires io.github.masktape.optim;
}
