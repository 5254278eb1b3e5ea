package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Update;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Stochastic gradient descent with momentum μ, weight decay λ and learning rate η, equivalent to PyTorch's.
 *
 * <pre>
 *   g' = g + λ·w
 *   v' = μ·v + g'                                     v is 0 at first
 *   w' = w − η·v'             or, nesterov, w' = w − η·(g' + μ·v')
 * </pre>
 */
public final class SGD implements Optimizer {
    private static final String VELOCITY = "velocity.";

    private final List<String> names = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<MutableTensor> velocities = new ArrayList<>();
    private final LearningRate learningRate;
    private final double momentum;
    private final double weightDecay;
    private final boolean nesterov;
    private long steps;
    /** A checksum of the rates of the steps made. */
    private long rates = Checksum.EMPTY;

    /**
     * Plain gradient descent on the parameters that are in the map now. A parameter that several layers share is
     * updated once, under the first of its names in alphabetical order. {@link #withMomentum}, {@link #withWeightDecay}
     * and {@link #withNesterov} make optimizers that do more.
     */
    public SGD(Map<String, Parameter> parameters, LearningRate learningRate) {
        this(learningRate, 0, 0, false);
        // A map need not have an order, or may have another one in every JVM.
        new TreeMap<>(parameters).forEach(this::add);
    }

    private SGD(LearningRate learningRate, double momentum, double weightDecay, boolean nesterov) {
        this.learningRate = learningRate;
        this.momentum = momentum;
        this.weightDecay = weightDecay;
        this.nesterov = nesterov;
    }

    private void add(String name, Parameter parameter) {
        if (!parameters.contains(parameter)) {
            names.add(name);
            parameters.add(parameter);
            velocities.add(new MutableTensor(
                    Tensor.zeros(parameter.dtype(), parameter.shape().dims())));
        }
    }

    private SGD with(double momentum, double weightDecay, boolean nesterov) {
        SGD fresh = new SGD(learningRate, momentum, weightDecay, nesterov);
        for (int i = 0; i < names.size(); i++) {
            fresh.add(names.get(i), parameters.get(i));
        }
        return fresh;
    }

    /** A new optimizer of the same parameters with momentum μ, in [0, 1). */
    public SGD withMomentum(double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException(
                    "momentum: expected a number in [0, 1), got " + Decimal.shortest(momentum, 6));
        }
        return with(momentum, weightDecay, nesterov);
    }

    /** A new optimizer of the same parameters with weight decay λ ≥ 0. */
    public SGD withWeightDecay(double weightDecay) {
        if (!(weightDecay >= 0 && weightDecay <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "weightDecay: expected a finite number of at least 0, got " + Decimal.shortest(weightDecay, 6));
        }
        return with(momentum, weightDecay, nesterov);
    }

    /** A new optimizer of the same parameters with Nesterov momentum. */
    public SGD withNesterov() {
        return with(momentum, weightDecay, true);
    }

    /**
     * The update of one step. Each {@code + ·} is one fma in FLOAT32. Without momentum, the velocity is neither read
     * nor written.
     */
    private record Descent(double rate, double momentum, double decay, boolean nesterov) implements Update {
        @Override
        public void apply(float[] w, float[] g, float[][] states, int from, int to) {
            float[] v = states[0];
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
            double[] v = states[0];
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
        double rate = learningRate.at(steps);
        if (!(rate >= 0 && rate <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("learningRate: expected a finite number of at least 0, got "
                    + Decimal.shortest(rate, 6) + " at step " + steps);
        }
        Tensor[] all = new Tensor[parameters.size()];
        for (int i = 0; i < all.length; i++) {
            // All gradients must be readable before the first parameter changes.
            all[i] = gradients.of(parameters.get(i));
            all[i].requireReadable();
        }
        Descent descent = new Descent(rate, momentum, weightDecay, nesterov);
        for (int i = 0; i < all.length; i++) {
            parameters.get(i).update(all[i], descent, velocities.get(i));
        }
        rates = Checksum.append(rates, rate);
        steps++;
    }

    @Override
    public List<Parameter> parameters() {
        return Collections.unmodifiableList(parameters);
    }

    @Override
    public boolean isIdle(long steps) {
        for (long step = this.steps; step < this.steps + steps; step++) {
            if (learningRate.at(step) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The number of steps made. */
    public long steps() {
        return steps;
    }

    /** The velocities, each named {@code velocity.} and the parameter's name; without momentum there are none. */
    @Override
    public State state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < (momentum == 0 ? 0 : names.size()); i++) {
            tensors.put(VELOCITY + names.get(i), velocities.get(i).value());
        }
        return new State(steps, settings(steps, rates), tensors);
    }

    /** {@inheritDoc} The schedules may differ from here on, but not in the steps already made. */
    @Override
    public void restore(State state) {
        long rates = Checksum.EMPTY;
        for (long step = 0; step < state.steps(); step++) {
            rates = Checksum.append(rates, learningRate.at(step));
        }
        Checkpoint.requireSame(state.settings(), settings(state.steps(), rates));
        Checkpoint.requireAlike(state.tensors(), state().tensors());
        for (int i = 0; i < (momentum == 0 ? 0 : names.size()); i++) {
            velocities.get(i).set(Objects.requireNonNull(state.tensors().get(VELOCITY + names.get(i))));
        }
        this.rates = rates;
        steps = state.steps();
    }

    private Map<String, String> settings(long steps, long rates) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("momentum", Checkpoint.text(momentum));
        settings.put("weight decay", Checkpoint.text(weightDecay));
        settings.put("nesterov", String.valueOf(nesterov));
        settings.put(
                "learning rates of the steps made",
                steps == 0
                        ? "none"
                        : Decimal.shortest(learningRate.at(0), 6) + " to "
                                + Decimal.shortest(learningRate.at(steps - 1), 6) + " (checksum "
                                + Checksum.text(rates) + ")");
        return settings;
    }
}
