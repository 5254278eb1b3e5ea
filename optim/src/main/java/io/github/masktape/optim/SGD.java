// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.Update;
import io.github.masktape.text.Decimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Stochastic gradient descent with momentum μ, weight decay λ and learning rate η, equivalent to PyTorch's.
 *
 * <pre>
 *   g' = g + λ·w
 *   v' = μ·v + g'                                     v is 0 at first
 *   w' = w − η·v'             or, nesterov, w' = w − η·(g' + μ·v')
 * </pre>
 *
 * <p>The methods that begin with {@code with} return a new optimizer of the same parameters, which has made no steps.
 *
 * <p>Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep learning", ICML 2013.
 */
public final class SGD implements Optimizer {
    private final ParameterStates parameters;
    private final double momentum;
    private final boolean nesterov;

    /**
     * Plain gradient descent on the parameters that are in the map now. A parameter that several layers share is
     * updated once, under the first of its names in alphabetical order. {@link #withMomentum}, {@link #withWeightDecay}
     * and {@link #withNesterov} make optimizers that do more.
     *
     * @throws IllegalArgumentException if there is no parameter
     */
    public SGD(Map<String, Parameter> parameters, LearningRate learningRate) {
        this(new ParameterStates(parameters, learningRate, 0), 0, false);
    }

    private SGD(ParameterStates parameters, double momentum, boolean nesterov) {
        this.parameters = parameters;
        this.momentum = momentum;
        this.nesterov = nesterov;
    }

    private SGD with(ParameterStates parameters) {
        return new SGD(parameters, momentum, nesterov);
    }

    /** An optimizer with momentum μ, in [0, 1). */
    public SGD withMomentum(double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException(
                    "momentum: expected a number in [0, 1), got " + Decimal.shortest(momentum, 6));
        }
        ParameterStates fresh = momentum == 0 ? parameters.withKinds() : parameters.withKinds("velocity");
        return new SGD(fresh, momentum, nesterov);
    }

    /** An optimizer with Nesterov momentum, which needs a momentum above 0. */
    public SGD withNesterov() {
        return new SGD(parameters.fresh(), momentum, true);
    }

    /** An optimizer with weight decay λ ≥ 0 of all parameters that have none of their own. */
    public SGD withWeightDecay(double weightDecay) {
        return with(parameters.withWeightDecay(weightDecay));
    }

    /**
     * An optimizer with weight decay λ ≥ 0 of some parameters, for example 0 of biases: {@code
     * withWeightDecay(name -> name.endsWith("bias"), 0)}.
     *
     * @param names true for their names, of which there must be at least one
     */
    public SGD withWeightDecay(Predicate<String> names, double weightDecay) {
        return with(parameters.withWeightDecay(names, weightDecay));
    }

    /**
     * An optimizer that multiplies the learning rate of some parameters by a factor above 0.
     *
     * @param names true for their names, of which there must be at least one
     */
    public SGD withRateFactor(Predicate<String> names, double factor) {
        return with(parameters.withRateFactor(names, factor));
    }

    /**
     * The update of one step. Each {@code + ·} is one fma in FLOAT32. Without momentum, the velocity is neither read
     * nor written.
     */
    private record SGDUpdate(double rate, double momentum, double decay, boolean nesterov) implements Update {
        @Override
        public void apply(float[] w, float[] g, float[][] states, int from, int to) {
            float[] v = states.length == 0 ? g : states[0];
            float rate = (float) this.rate;
            float momentum = (float) this.momentum;
            float decay = (float) this.decay;
            for (int i = from; i < to; i++) {
                float gradient = decay == 0 ? g[i] : Compute.fma(decay, w[i], g[i]);
                float step = gradient;
                if (momentum != 0) {
                    v[i] = Compute.fma(momentum, v[i], gradient);
                    step = nesterov ? Compute.fma(momentum, v[i], gradient) : v[i];
                }
                w[i] = Compute.fma(-rate, step, w[i]);
            }
        }

        @Override
        public void apply(double[] w, double[] g, double[][] states, int from, int to) {
            double[] v = states.length == 0 ? g : states[0];
            for (int i = from; i < to; i++) {
                double gradient = decay == 0 ? g[i] : g[i] + decay * w[i];
                double step = gradient;
                if (momentum != 0) {
                    v[i] = momentum * v[i] + gradient;
                    step = nesterov ? gradient + momentum * v[i] : v[i];
                }
                w[i] -= rate * step;
            }
        }
    }

    @Override
    public void step(Gradients gradients) {
        if (nesterov && momentum == 0) {
            throw new IllegalStateException(
                    "nesterov: expected a momentum above 0, got 0, with which it does nothing; use withMomentum");
        }
        parameters.step(gradients, (rate, decay) -> new SGDUpdate(rate, momentum, decay, nesterov));
    }

    @Override
    public List<Parameter> parameters() {
        return parameters.parameters();
    }

    @Override
    public boolean isIdle(long steps) {
        return parameters.isIdle(steps);
    }

    /** The number of steps made. */
    public long steps() {
        return parameters.steps();
    }

    /** The velocities, each named {@code velocity.} and the parameter's name; without momentum there are none. */
    @Override
    public State state() {
        return parameters.state(settings());
    }

    /** {@inheritDoc} The schedules may differ from here on, but not in the steps already made. */
    @Override
    public void restore(State state) {
        parameters.restore(state, settings());
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("momentum", Checkpoint.text(momentum));
        settings.put("weight decay", Checkpoint.text(parameters.weightDecay()));
        settings.put("nesterov", String.valueOf(nesterov));
        return settings;
    }

    /** The number of parameters and steps, and the settings. */
    @Override
    public String toString() {
        return parameters.text("SGD", settings());
    }
}
