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
 * An optimizer that also averages the parameters, and buffers if wanted, over its steps (an exponential moving average,
 * EMA), with the decay d, equivalent to PyTorch's {@code AveragedModel} with {@code get_ema_multi_avg_fn(d)}.
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
    /** The parameters of the optimizer and the buffers by name, each once. */
    private final Map<String, MutableTensor> averaged = new LinkedHashMap<>();
    /** The averages by name; empty before the first step. */
    private final Map<String, MutableTensor> averages = new LinkedHashMap<>();

    private final Workspace workspace = new Workspace();

    /**
     * An optimizer whose steps are those of another one.
     *
     * @param state the network's parameters by name, among them all that the optimizer has. With {@code net.state()},
     *     the buffers are averaged too, such as the running statistics of a {@code BatchNorm} layer; with {@code
     *     net.parameters()}, they stay those of the last step
     * @param decay the decay d in (0, 1), for example 0.999
     */
    public MovingAverage(Map<String, ? extends MutableTensor> state, Optimizer optimizer, double decay) {
        if (!(decay > 0 && decay < 1)) {
            throw new IllegalArgumentException(
                    "decay: expected a number between 0 and 1, got " + Decimal.shortest(decay, 6));
        }
        if (optimizer instanceof MovingAverage) {
            throw new IllegalArgumentException("optimizer: expected one that does not average, got a MovingAverage");
        }
        this.optimizer = optimizer;
        this.decay = decay;
        Collection<Parameter> trained = optimizer.parameters();
        new TreeMap<String, MutableTensor>(state).forEach((name, tensor) -> {
            boolean changes = !(tensor instanceof Parameter parameter) || trained.contains(parameter);
            if (changes && !averaged.containsValue(tensor)) {
                averaged.put(name, tensor);
            }
        });
        if (!averaged.values().containsAll(trained)) {
            throw new IllegalArgumentException(
                    "state: expected all parameters of the optimizer, got others; pass net.state()");
        }
    }

    @Override
    public void step(Gradients gradients) {
        optimizer.step(gradients);
        if (averages.isEmpty()) {
            averaged.forEach((name, tensor) -> averages.put(name, new MutableTensor(tensor.value())));
            return;
        }
        Follow follow = new Follow(1 - decay);
        workspace.recycle();
        averages.forEach((name, average) -> {
            MutableTensor tensor = Objects.requireNonNull(averaged.get(name));
            Tensor w = tensor.view(workspace);
            average.update(w, follow);
            tensor.release(w);
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

    /** The averages, by the names of parameters and buffers; before the first step, their values. */
    public Map<String, Tensor> values() {
        Map<String, Tensor> values = new LinkedHashMap<>();
        (averages.isEmpty() ? averaged : averages).forEach((name, tensor) -> values.put(name, tensor.value()));
        return Collections.unmodifiableMap(values);
    }

    /** Sets the parameters and buffers to the averages, as at the end of training. */
    public void apply() {
        values().forEach((name, value) ->
                Objects.requireNonNull(averaged.get(name)).set(value));
    }

    /** {@inheritDoc} It sees the averages. */
    @Override
    public <T> T evaluate(Supplier<T> evaluation) {
        Map<MutableTensor, Tensor> own = new LinkedHashMap<>();
        averaged.values().forEach(tensor -> own.put(tensor, tensor.value()));
        apply();
        try {
            return evaluation.get();
        } finally {
            own.forEach(MutableTensor::set);
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

    /** The state of the other optimizer and the averages, each named {@code average.} and the name of the tensor. */
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

    /** The other optimizer and the decay. */
    @Override
    public String toString() {
        return optimizer + ", averages of decay " + Checkpoint.text(decay);
    }
}
