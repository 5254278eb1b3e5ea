package io.github.masktape.autograd;

import io.github.masktape.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link Tape#backward}: the gradient of the loss at every variable and parameter of the tape. It refers
 * to the tape and all its values; keep the tensors you need rather than this object.
 */
public final class Gradients {
    private final Tape tape;
    private final @Nullable Tensor[] byIndex;

    Gradients(Tape tape, @Nullable Tensor[] byIndex) {
        this.tape = tape;
        this.byIndex = byIndex;
    }

    /** The tape that backward read. */
    public Tape tape() {
        return tape;
    }

    /** The same gradients, each multiplied by {@code factor}. */
    public Gradients scaled(double factor) {
        @Nullable Tensor[] scaled = new Tensor[byIndex.length];
        for (int i = 0; i < scaled.length; i++) {
            Tensor gradient = byIndex[i];
            scaled[i] = gradient == null ? null : gradient.scale(factor);
        }
        return new Gradients(tape, scaled);
    }

    /**
     * True if the computation read this parameter from its tape. If not, its gradient is zero whatever the loss;
     * perhaps its value was used as a constant.
     */
    public boolean has(Parameter parameter) {
        return tape.leafOf(parameter) != null;
    }

    /**
     * True if {@link #of(Variable)} can return a gradient: the variable is of this tape, depends on an input or
     * parameter, and the tape kept its gradient.
     */
    public boolean has(Variable variable) {
        return variable.tape() == tape && variable.isWanted() && tape.keeps(variable);
    }

    /**
     * The gradient at a parameter, of its shape: zero if the loss does not depend on it, and also if the computation
     * never {@linkplain #has(Parameter) had} it.
     */
    public Tensor of(Parameter parameter) {
        Variable leaf = tape.leafOf(parameter);
        Tensor gradient = leaf == null ? null : byIndex[leaf.index()];
        return gradient == null
                ? Tensor.zeros(parameter.dtype(), parameter.shape().dims())
                : gradient;
    }

    /**
     * The gradient at a variable, of its shape: zero if the loss does not depend on it.
     *
     * @throws IllegalArgumentException if the variable is of another tape, or depends on no input or parameter
     * @throws IllegalStateException if the tape is a workspace's and did not keep it
     */
    public Tensor of(Variable variable) {
        if (variable.tape() != tape) {
            throw new IllegalArgumentException("gradients: variable #" + variable.index() + " stands on another tape");
        }
        if (!variable.isWanted()) {
            throw new IllegalArgumentException("gradients: #" + variable.index()
                    + " depends on no input or parameter, so no gradient was computed; make it with tape.input(...)");
        }
        if (!tape.keeps(variable)) {
            throw new IllegalStateException("gradients: #" + variable.index()
                    + " was not kept: a workspace's tape keeps parameters; call tape.keep(variable) before backward");
        }
        Tensor gradient = byIndex[variable.index()];
        return gradient == null
                ? Tensor.zeros(variable.dtype(), variable.shape().dims())
                : gradient;
    }
}
