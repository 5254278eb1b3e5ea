package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import java.util.Map;

/** Hyperbolic tangent, element by element. */
public final class Tanh implements Layer {
    /** The activation; it has no parameters. */
    public Tanh() {}

    @Override
    public Variable forward(Variable x, Pass pass) {
        return Ops.tanh(x);
    }

    @Override
    public Map<String, Parameter> parameters() {
        return Map.of();
    }

    /** {@code Tanh}. */
    @Override
    public String toString() {
        return "Tanh";
    }
}
