// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of a loss at parameters: the result of {@link Tape#backward}, or of a computation with such results.
 * They do not change.
 *
 * <p>What {@code backward} returns also has the gradients at the variables of its tape. It refers to the tape and all
 * its values; {@link #copy} does not. The results of the other methods have gradients at parameters only, and no tape.
 *
 * <p>Any thread may read them, except those of a workspace's tape, which end with the next tape and belong to its
 * thread: pass a {@link #copy} to other threads and later steps.
 */
public final class Gradients {
    private final @Nullable Tape tape;
    /** The gradients at the variables of the tape, null where they are zero. */
    private final @Nullable Tensor[] byIndex;
    /** Without a tape, the gradients at the parameters, null where they are zero. */
    private final Map<Parameter, @Nullable Tensor> byParameter;

    Gradients(Tape tape, @Nullable Tensor[] byIndex) {
        this.tape = tape;
        this.byIndex = byIndex;
        byParameter = Map.of();
    }

    private Gradients(Map<Parameter, @Nullable Tensor> byParameter) {
        tape = null;
        byIndex = new Tensor[0];
        this.byParameter = byParameter;
    }

    /**
     * Gradients that were computed elsewhere.
     *
     * @param gradients the gradient at each parameter, of its shape and dtype
     */
    public static Gradients of(Map<Parameter, Tensor> gradients) {
        Map<Parameter, @Nullable Tensor> copy = new LinkedHashMap<>();
        gradients.forEach((parameter, gradient) -> copy.put(parameter, requireLike("gradients", gradient, parameter)));
        return new Gradients(copy);
    }

    private static Tensor requireLike(String method, Tensor gradient, Parameter parameter) {
        if (!gradient.shape().equals(parameter.shape()) || gradient.dtype() != parameter.dtype()) {
            throw new IllegalArgumentException(method + ": expected " + parameter.shape() + " " + parameter.dtype()
                    + " like the parameter, got " + gradient.shape() + " " + gradient.dtype());
        }
        return gradient;
    }

    // ---- reading ----

    /**
     * The tape that backward read.
     *
     * @throws IllegalStateException if these are the result of a computation with gradients
     */
    public Tape tape() {
        if (tape == null) {
            throw new IllegalStateException("gradients: only those that backward returned have a tape");
        }
        return tape;
    }

    /**
     * The layers that drew random numbers on the tape that backward read, by the {@linkplain Pass#key keys} of their
     * passes. Two steps with the same keys have the same masks. Empty for the result of a computation with gradients.
     */
    public Map<Long, Layer> randomLayers() {
        return tape == null ? Map.of() : tape.users();
    }

    /**
     * The parameters that it has, in the order in which they came on the tape, or in that of the map it was made from.
     */
    public Set<Parameter> parameters() {
        return Collections.unmodifiableSet(tape == null ? byParameter.keySet() : tape.parameters());
    }

    /**
     * True if the computation read this parameter from its tape. If not, its gradient is zero whatever the loss;
     * perhaps its value was used as a constant.
     */
    public boolean has(Parameter parameter) {
        return tape == null ? byParameter.containsKey(parameter) : tape.leafOf(parameter) != null;
    }

    /**
     * True if {@link #of(Variable)} can return a gradient: the variable is of this tape, depends on an input or
     * parameter, and the tape kept its gradient.
     */
    public boolean has(Variable variable) {
        return tape != null && variable.tape() == tape && variable.isWanted() && tape.keeps(variable);
    }

    /**
     * The gradient at a parameter, of its shape: zero if the loss does not depend on it.
     *
     * @throws IllegalArgumentException if the computation never {@linkplain #has(Parameter) had} the parameter, so that
     *     it would never learn
     */
    public Tensor of(Parameter parameter) {
        if (!has(parameter)) {
            throw new IllegalArgumentException("gradients: expected a parameter that was on the tape, got another, "
                    + parameter.shape() + " " + parameter.dtype()
                    + "; read it by tape.parameter(...), or use ofAll(...) if the computation skipped it on purpose");
        }
        return orZeros(gradient(parameter), parameter);
    }

    /** The gradient at a parameter; null if it is zero or the computation never had it. */
    private @Nullable Tensor gradient(Parameter parameter) {
        if (tape == null) {
            return byParameter.get(parameter);
        }
        Variable leaf = tape.leafOf(parameter);
        return leaf == null ? null : byIndex[leaf.index()];
    }

    private static Tensor orZeros(@Nullable Tensor gradient, Parameter parameter) {
        return gradient == null
                ? Tensor.zeros(parameter.dtype(), parameter.shape().dims())
                : gradient;
    }

    /**
     * The gradient at a variable, of its shape: zero if the loss does not depend on it.
     *
     * @throws IllegalArgumentException if the variable is not of this tape, or depends on no input or parameter
     * @throws IllegalStateException if the tape is a workspace's and did not keep it, or there is no tape
     */
    public Tensor of(Variable variable) {
        Tape tape = tape();
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

    // ---- computing ----

    /**
     * The gradients of exactly these parameters: zero at those that the computation never had, such as those of a layer
     * that this step skipped.
     */
    public Gradients ofAll(Collection<Parameter> parameters) {
        Map<Parameter, @Nullable Tensor> all = new LinkedHashMap<>();
        parameters.forEach(parameter -> all.put(parameter, gradient(parameter)));
        return new Gradients(all);
    }

    /** The gradients, each multiplied by {@code factor}. */
    public Gradients scaled(double factor) {
        Map<Parameter, @Nullable Tensor> scaled = new LinkedHashMap<>();
        for (Parameter parameter : parameters()) {
            Tensor gradient = gradient(parameter);
            scaled.put(parameter, gradient == null ? null : gradient.scale(factor));
        }
        return new Gradients(scaled);
    }

    /** The sums of two gradients at each parameter, where one that a side does not have is zero. */
    public Gradients plus(Gradients other) {
        Map<Parameter, @Nullable Tensor> sums = new LinkedHashMap<>();
        parameters().forEach(parameter -> sums.put(parameter, gradient(parameter)));
        for (Parameter parameter : other.parameters()) {
            Tensor a = sums.get(parameter);
            Tensor b = other.gradient(parameter);
            sums.put(parameter, a == null ? b : b == null ? a : a.add(b));
        }
        return new Gradients(sums);
    }

    /**
     * The results of a function of each gradient, called in the order of {@link #parameters}.
     *
     * @param f a function that returns a tensor of the shape and dtype of its argument
     */
    public Gradients map(UnaryOperator<Tensor> f) {
        Map<Parameter, @Nullable Tensor> results = new LinkedHashMap<>();
        for (Parameter parameter : parameters()) {
            results.put(parameter, requireLike("map", f.apply(of(parameter)), parameter));
        }
        return new Gradients(results);
    }

    /** Copies of the gradients at parameters that belong to no tape and no workspace. */
    public Gradients copy() {
        return map(Tensor::copy);
    }

    /**
     * The norm √Σ g² over all parameters, in double. The sums of the parameters, see {@link Tensor#sumOfSquares}, are
     * added in ascending order, so that the order of the parameters changes no bit.
     */
    public double norm() {
        double[] sums = new double[parameters().size()];
        int i = 0;
        for (Parameter parameter : parameters()) {
            Tensor gradient = gradient(parameter);
            sums[i++] = gradient == null ? 0 : gradient.sumOfSquares();
        }
        Arrays.sort(sums);
        double sum = 0;
        for (double one : sums) {
            sum += one;
        }
        return Math.sqrt(sum);
    }

    /**
     * The gradients, scaled down by one factor if their norm is too large, like PyTorch's {@code clip_grad_norm_}.
     *
     * <pre>
     *   g' = min(1, maxNorm/(norm + 10⁻⁶))·g
     * </pre>
     *
     * @throws ArithmeticException if the norm is NaN or infinite
     */
    public Gradients clippedTo(double maxNorm) {
        if (!(maxNorm > 0 && maxNorm <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "maxNorm: expected a positive, finite number, got " + Decimal.shortest(maxNorm, 6));
        }
        double norm = norm();
        if (!Double.isFinite(norm)) {
            throw new ArithmeticException("clippedTo: expected gradients of a finite norm, got " + norm);
        }
        double factor = maxNorm / (norm + 1e-6);
        return factor < 1 ? scaled(factor) : this;
    }

    /**
     * The gradients with each element limited to −limit … limit, like PyTorch's {@code clip_grad_value_}; NaN stays
     * NaN.
     */
    public Gradients clippedToValue(double limit) {
        if (!(limit > 0 && limit <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "limit: expected a positive, finite number, got " + Decimal.shortest(limit, 6));
        }
        return map(gradient -> gradient.map(g -> Math.max(-limit, Math.min(limit, g))));
    }
}
