// SPDX-License-Identifier: Apache-2.0
/** The conformance kit: the laws that any DropConnect layer must obey, and a zoo of layers that break them. */
module io.github.masktape.conformance {
    requires transitive io.github.masktape.layers;
    requires static org.jspecify;

    exports io.github.masktape.conformance;
    exports io.github.masktape.conformance.zoo;
}
