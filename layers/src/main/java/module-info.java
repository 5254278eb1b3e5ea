/** Layers: Linear, DropConnect, Dropout, activations, and how they are composed. */
module io.github.masktape.layers {
    requires transitive io.github.masktape.core;
    requires static org.jspecify;

    exports io.github.masktape.layers;
}
