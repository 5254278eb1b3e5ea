package io.github.masktape.autograd;

import io.github.masktape.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Tape#backward} found: the gradient of the loss at every variable and parameter of the tape. It holds on to
 * the tape and its values; keep the tensors that are wanted rather than this.
 */
public final class Gradients {
    private final Tape tape;
    private final @Nullable Tensor[] byIndex;

    Gradients(Tape tape, @Nullable Tensor[] byIndex) {
        this.tape = tape;
        this.byIndex = byIndex;
    }

    /** These gradients, each times {@code factor}. */
    public Gradients scaled(double factor) {
        @Nullable Tensor[] scaled = new Tensor[byIndex.length];
        for (int i = 0; i < scaled.length; i++) {
            Tensor gradient = byIndex[i];
            scaled[i] = gradient == null ? null : gradient.scale(factor);
        }
        return new Gradients(tape, scaled);
    }

    /**
     * True if the computation asked its tape for this parameter. If not, its gradient is zero whatever the loss: perhaps
     * its value went in as a constant.
     */
    public boolean has(Parameter parameter) {
        return tape.leafOf(parameter) != null;
    }

    /**
     * The gradient at a parameter, of its shape: zero if the loss does not depend on it, and also if the computation never
     * {@linkplain #has had} it.
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
     * @throws IllegalArgumentException if the variable is of another tape, or no gradient was asked for there
     * @throws IllegalStateException if the tape, being a workspace's, did not keep it
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

    /** {@link Tape#toDot} with the norm of each gradient that was kept. */
    public String toDot() {
        return new TapePicture(tape.nodes(), this).dot();
    }

    /** {@link Tape#toMermaid} with the norm of each gradient that was kept. */
    public String toMermaid() {
        return new TapePicture(tape.nodes(), this).mermaid();
    }

    /** {@link Tape#toSvg} with the norm of each gradient that was kept. */
    public String toSvg() {
        return new TapePicture(tape.nodes(), this).svg();
    }
}
