// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Update;
import io.github.masktape.tensor.Workspace;
import io.github.masktape.text.Decimal;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An optimizer that also averages the parameters over its steps (an exponential moving average, EMA), with the decay d,
 * equivalent to PyTorch's {@code AveragedModel} with {@code get_ema_multi_avg_fn(d)}.
 *
 * <pre>
 *   a' = w'                          after the first step
 *   a' = a + (1 − d)·(w' − a)        after each further step
 * </pre>
 *
 * <p>The steps are those of another optimizer, and do not depend on the averages. A checkpoint contains the averages,
 * and {@link Trainer} judges an epoch by them. {@link #apply} gives them to the network; with {@linkplain
 * Trainer#withPatience patience}, the trainer has already given it those of the best epoch.
 *
 * <p>Polyak, Juditsky, "Acceleration of Stochastic Approximation by Averaging", SIAM J. Control Optim. 1992.
 */
public final class MovingAverage implements Optimizer {
    private static final String DECAY = "average decay";
    private static final String AVERAGE = "average.";

    private final Optimizer optimizer;
    private final double decay;
    /** The parameters of the optimizer by name, each once. */
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    /** The averages by name; empty before the first step. */
    private final Map<String, MutableTensor> averages = new LinkedHashMap<>();

    private final Workspace workspace = new Workspace();

    /**
     * An optimizer whose steps are those of another one.
     *
     * @param parameters the network's parameters by name, among them all that the optimizer has
     * @param decay the decay d in (0, 1), for example 0.999
     */
    public MovingAverage(Map<String, Parameter> parameters, Optimizer optimizer, double decay) {
        if (!(decay > 0 && decay < 1)) {
            throw new IllegalArgumentException(
                    "decay: expected a number between 0 and 1, got " + Decimal.shortest(decay, 6));
        }
        if (optimizer instanceof MovingAverage) {
            throw new IllegalArgumentException("optimizer: expected one that does not average, got a MovingAverage");
        }
        this.optimizer = optimizer;
        this.decay = decay;
        new TreeMap<>(parameters).forEach((name, parameter) -> {
            if (optimizer.parameters().contains(parameter) && !this.parameters.containsValue(parameter)) {
                this.parameters.put(name, parameter);
            }
        });
        if (!this.parameters.values().containsAll(optimizer.parameters())) {
            throw new IllegalArgumentException(
                    "parameters: expected all of the optimizer's, got others; pass net.parameters()");
        }
    }

    @Override
    public void step(Gradients gradients) {
        optimizer.step(gradients);
        if (averages.isEmpty()) {
            parameters.forEach((name, parameter) -> averages.put(name, new MutableTensor(parameter.value())));
            return;
        }
        Follow follow = new Follow(1 - decay);
        workspace.recycle();
        averages.forEach((name, average) -> {
            Parameter parameter = Objects.requireNonNull(parameters.get(name));
            Tensor w = parameter.view(workspace);
            average.update(w, follow);
            parameter.release(w);
        });
    }

    /**
     * The update of the averages. Each {@code +} and {@code −} is one fma in FLOAT32.
     *
     * @param share 1 − d
     */
    private record Follow(double share) implements Update {
        @Override
        public void apply(float[] a, float[] w, float[][] states, int from, int to) {
            float share = (float) this.share;
            for (int i = from; i < to; i++) {
                a[i] = Compute.fma(share, Compute.fma(-1, a[i], w[i]), a[i]);
            }
        }

        @Override
        public void apply(double[] a, double[] w, double[][] states, int from, int to) {
            for (int i = from; i < to; i++) {
                a[i] += share * (w[i] - a[i]);
            }
        }
    }

    /** The averages, by the parameters' names; before the first step, the parameters' values. */
    public Map<String, Tensor> values() {
        Map<String, Tensor> values = new LinkedHashMap<>();
        (averages.isEmpty() ? parameters : averages).forEach((name, tensor) -> values.put(name, tensor.value()));
        return Collections.unmodifiableMap(values);
    }

    /** Sets the parameters to the averages, as at the end of training. */
    public void apply() {
        values().forEach((name, value) ->
                Objects.requireNonNull(parameters.get(name)).set(value));
    }

    /** {@inheritDoc} It sees the averages. */
    @Override
    public <T> T evaluate(Supplier<T> evaluation) {
        Map<Parameter, Tensor> own = new LinkedHashMap<>();
        parameters.values().forEach(parameter -> own.put(parameter, parameter.value()));
        apply();
        try {
            return evaluation.get();
        } finally {
            own.forEach(Parameter::set);
        }
    }

    @Override
    public Collection<Parameter> parameters() {
        return optimizer.parameters();
    }

    @Override
    public boolean isIdle(long steps) {
        return optimizer.isIdle(steps);
    }

    /** The state of the other optimizer and the averages, each named {@code average.} and the parameter's name. */
    @Override
    public State state() {
        State inner = optimizer.state();
        Map<String, String> settings = new LinkedHashMap<>(inner.settings());
        settings.put(DECAY, Checkpoint.text(decay));
        Map<String, Tensor> tensors = new LinkedHashMap<>(inner.tensors());
        averages.forEach((name, average) -> tensors.put(AVERAGE + name, average.value()));
        return new State(inner.steps(), settings, tensors);
    }

    @Override
    public void restore(State state) {
        Map<String, String> settings = new LinkedHashMap<>(state.settings());
        String before = settings.remove(DECAY);
        Checkpoint.requireSame(
                before == null ? Map.of() : Map.of(DECAY, before), Map.of(DECAY, Checkpoint.text(decay)));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, Tensor> restored = new LinkedHashMap<>();
        state.tensors().forEach((name, tensor) -> {
            if (name.startsWith(AVERAGE)) {
                restored.put(name.substring(AVERAGE.length()), tensor);
            } else {
                tensors.put(name, tensor);
            }
        });
        if (!restored.isEmpty()) {
            Checkpoint.requireAlike(restored, values());
        }
        optimizer.restore(new State(state.steps(), settings, tensors));
        averages.clear();
        restored.forEach((name, tensor) -> averages.put(name, new MutableTensor(tensor)));
    }
}
