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
 * Adam, with learning rate η, decay rates β₁ and β₂, ε, and weight decay λ as an L2 penalty, equivalent to PyTorch's.
 *
 * <pre>
 *   g' = g + λ·w
 *   m' = m + (1 − β₁)·(g' − m)                        m is 0 at first
 *   v' = v + (1 − β₂)·(g'² − v)                       v is 0 at first
 *   w' = w − η/(1 − β₁ᵗ) · m'/(√v'/√(1 − β₂ᵗ) + ε)    in step t, from 1
 * </pre>
 *
 * <p>By default β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ and λ = 0. {@link AdamW} has a weight decay that does not pass through m
 * and v. The powers are products, by repeated squaring.
 *
 * <p>The methods that begin with {@code with} return a new optimizer of the same parameters, which has made no steps.
 *
 * <p>Kingma, Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.
 */
public final class Adam implements Optimizer {
    private final ParameterStates parameters;
    private final Settings settings;

    /** The constants of the formula, apart from η and λ. */
    private record Settings(double beta1, double beta2, double epsilon, boolean decoupled) {}

    /**
     * An optimizer of the parameters that are in the map now. A parameter that several layers share is updated once,
     * under the first of its names in alphabetical order.
     *
     * @throws IllegalArgumentException if there is no parameter
     */
    public Adam(Map<String, Parameter> parameters, LearningRate learningRate) {
        this(parameters, learningRate, 0, false);
    }

    /** An optimizer whose weight decay is AdamW's if it is decoupled. */
    Adam(Map<String, Parameter> parameters, LearningRate learningRate, double weightDecay, boolean decoupled) {
        this(
                new ParameterStates(parameters, learningRate, weightDecay, "mean", "meanSquare"),
                new Settings(0.9, 0.999, 1e-8, decoupled));
    }

    private Adam(ParameterStates parameters, Settings settings) {
        this.parameters = parameters;
        this.settings = settings;
    }

    private Adam with(ParameterStates parameters) {
        return new Adam(parameters, settings);
    }

    private Adam with(double beta1, double beta2, double epsilon) {
        return new Adam(parameters.fresh(), new Settings(beta1, beta2, epsilon, settings.decoupled));
    }

    /** An optimizer with these decay rates of m and v, each in [0, 1). */
    public Adam withBetas(double beta1, double beta2) {
        return with(requireBeta("beta1", beta1), requireBeta("beta2", beta2), settings.epsilon);
    }

    private static double requireBeta(String name, double beta) {
        if (!(beta >= 0 && beta < 1)) {
            throw new IllegalArgumentException(
                    name + ": expected a number in [0, 1), got " + Decimal.shortest(beta, 6));
        }
        return beta;
    }

    /** An optimizer with this ε > 0, which keeps the quotient finite where all gradients were 0. */
    public Adam withEpsilon(double epsilon) {
        if (!((float) epsilon > 0 && epsilon <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("epsilon: expected a finite number above 0, in FLOAT32 as well, got "
                    + Decimal.shortest(epsilon, 6));
        }
        return with(settings.beta1, settings.beta2, epsilon);
    }

    /** An optimizer with weight decay λ ≥ 0 of all parameters that have none of their own. */
    public Adam withWeightDecay(double weightDecay) {
        return with(parameters.withWeightDecay(weightDecay));
    }

    /**
     * An optimizer with weight decay λ ≥ 0 of some parameters.
     *
     * @param names true for their names, of which there must be at least one
     */
    public Adam withWeightDecay(Predicate<String> names, double weightDecay) {
        return with(parameters.withWeightDecay(names, weightDecay));
    }

    /**
     * An optimizer that multiplies the learning rate of some parameters by a factor above 0.
     *
     * @param names true for their names, of which there must be at least one
     */
    public Adam withRateFactor(Predicate<String> names, double factor) {
        return with(parameters.withRateFactor(names, factor));
    }

    /**
     * The update of one step. In FLOAT32, each line is one rounding: sums and products are fmas.
     *
     * @param step η/(1 − β₁ᵗ)
     * @param shareOfMean 1 − β₁
     * @param shareOfSquare 1 − β₂
     * @param correction 1/√(1 − β₂ᵗ)
     * @param penalty λ of the L2 penalty
     * @param decay η·λ of a decoupled weight decay
     */
    private record AdamUpdate(
            double step,
            double shareOfMean,
            double shareOfSquare,
            double correction,
            double epsilon,
            double penalty,
            double decay)
            implements Update {
        @Override
        public void apply(float[] w, float[] g, float[][] states, int from, int to) {
            float[] m = states[0];
            float[] v = states[1];
            float step = (float) this.step;
            float shareOfMean = (float) this.shareOfMean;
            float shareOfSquare = (float) this.shareOfSquare;
            float correction = (float) this.correction;
            float epsilon = (float) this.epsilon;
            float penalty = (float) this.penalty;
            float decay = (float) this.decay;
            for (int i = from; i < to; i++) {
                float gradient = Compute.fma(penalty, w[i], g[i]);
                m[i] = Compute.fma(shareOfMean, Compute.fma(-1, m[i], gradient), m[i]);
                v[i] = Compute.fma(shareOfSquare, Compute.fma(gradient, gradient, -v[i]), v[i]);
                float root = rounded((float) Math.sqrt(v[i]));
                float quotient = rounded(m[i] / Compute.fma(root, correction, epsilon));
                w[i] = Compute.fma(-step, quotient, Compute.fma(-decay, w[i], w[i]));
            }
        }

        /** The number itself, also where floats are computed as doubles, as in JavaScript. */
        private static float rounded(float x) {
            return Compute.fma(1, x, 0);
        }

        @Override
        public void apply(double[] w, double[] g, double[][] states, int from, int to) {
            double[] m = states[0];
            double[] v = states[1];
            for (int i = from; i < to; i++) {
                double gradient = g[i] + penalty * w[i];
                m[i] += shareOfMean * (gradient - m[i]);
                v[i] += shareOfSquare * (gradient * gradient - v[i]);
                double quotient = m[i] / (Math.sqrt(v[i]) * correction + epsilon);
                w[i] = (w[i] - decay * w[i]) - step * quotient;
            }
        }
    }

    @Override
    public void step(Gradients gradients) {
        long t = parameters.steps() + 1;
        double unbiased1 = 1 - power(settings.beta1, t);
        double unbiased2 = 1 - power(settings.beta2, t);
        parameters.step(
                gradients,
                (rate, decay) -> new AdamUpdate(
                        rate / unbiased1,
                        1 - settings.beta1,
                        1 - settings.beta2,
                        1 / Math.sqrt(unbiased2),
                        settings.epsilon,
                        settings.decoupled ? 0 : decay,
                        settings.decoupled ? rate * decay : 0));
    }

    /** xⁿ, from products alone. */
    private static double power(double x, long n) {
        double power = 1;
        double square = x;
        for (long rest = n; rest > 0; rest >>= 1) {
            if ((rest & 1) != 0) {
                power *= square;
            }
            square *= square;
        }
        return power;
    }

    /** The number t of steps made. */
    public long steps() {
        return parameters.steps();
    }

    @Override
    public List<Parameter> parameters() {
        return parameters.parameters();
    }

    @Override
    public boolean isIdle(long steps) {
        return parameters.isIdle(steps);
    }

    /** The tensors m and v, each named {@code mean.} or {@code meanSquare.} and the parameter's name. */
    @Override
    public State state() {
        return parameters.state(texts());
    }

    /** {@inheritDoc} The schedules may differ from here on, but not in the steps already made. */
    @Override
    public void restore(State state) {
        parameters.restore(state, texts());
    }

    /** The settings as text, by name. */
    private Map<String, String> texts() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("beta1", Checkpoint.text(settings.beta1));
        all.put("beta2", Checkpoint.text(settings.beta2));
        all.put("epsilon", Checkpoint.text(settings.epsilon));
        all.put(
                settings.decoupled ? "decoupled weight decay" : "weight decay",
                Checkpoint.text(parameters.weightDecay()));
        return all;
    }

    /** The number of parameters and steps, and the settings. */
    @Override
    public String toString() {
        return parameters.text(settings.decoupled ? "AdamW" : "Adam", texts());
    }
}
