package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import java.util.Map;

/** Rectified linear unit, max(x, 0) element by element. */
public final class ReLU implements Layer {
    /** The activation; it has no parameters. */
    public ReLU() {}

    @Override
    public Variable forward(Variable x, Pass pass) {
        return Ops.relu(x);
    }

    @Override
    public Map<String, Parameter> parameters() {
        return Map.of();
    }

    /** {@code ReLU}. */
    @Override
    public String toString() {
        return "ReLU";
    }
}
