package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import java.util.Map;

/** Logistic function 1/(1 + e⁻ˣ), element by element. */
public final class Sigmoid implements Layer {
    /** The activation; it has no parameters. */
    public Sigmoid() {}

    @Override
    public Variable forward(Variable x, Pass pass) {
        return Ops.sigmoid(x);
    }

    @Override
    public Map<String, Parameter> parameters() {
        return Map.of();
    }

    /** {@code Sigmoid}. */
    @Override
    public String toString() {
        return "Sigmoid";
    }
}
