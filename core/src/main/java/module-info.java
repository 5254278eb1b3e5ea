/** Tensors, masks, files of tensors, the tape, and the rulebook of ops with their gradients. */
module io.github.masktape.core {
    requires static jdk.incubator.vector;
    requires static org.jspecify;

    exports io.github.masktape.autograd;
    exports io.github.masktape.io;
    exports io.github.masktape.tensor;
}
