package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;

/** What changes parameters, given their gradients. */
public interface Optimizer {
    /** Makes one step. */
    void step(Gradients gradients);
}
