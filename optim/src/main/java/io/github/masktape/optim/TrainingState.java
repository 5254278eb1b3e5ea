// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Layer;
import io.github.masktape.io.ByteSource;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The networks, optimizers and tensors of a training loop of your own, which are saved to one file and restored from it. A {@link
 * Trainer} has its own {@link Checkpoint}.
 *
 * <pre>
 *   TrainingState state = TrainingState.of(
 *           Map.of("generator", generator, "critic", critic), Map.of("generator", adam, "critic", adamOfCritic));
 *   if (file.exists()) {
 *       state.restore(file);
 *   }
 *   for (long step = adam.steps(); step &lt; 1000; step++) {
 *       …
 *       state.save(file);
 *   }
 * </pre>
 *
 * <p>The loop continues bit for bit if everything else in it is a function of the step: the batches, the passes, and
 * {@code new RandomStream(RandomStream.derive(seed, step))}.
 *
 * <p>In the file, the tensors of a network have its name before theirs, {@code generator.0.weight}, and so do those of an
 * optimizer after {@code optimizer.}.
 */
public final class TrainingState {
    private static final String OPTIMIZER = "optimizer.";
    private static final String OURS = "training.";
    private static final String CHECKSUM = OURS + "checksum";

    private final Map<String, Layer> nets;
    private final Map<String, Optimizer> optimizers;
    /** Tensors that belong to no network. */
    private final Map<String, MutableTensor> others;

    private TrainingState(
            Map<String, Layer> nets, Map<String, Optimizer> optimizers, Map<String, MutableTensor> others) {
        this.nets = nets;
        this.optimizers = optimizers;
        this.others = others;
    }

    /**
     * The state of these networks and optimizers, which it changes when it is restored.
     *
     * @param nets the networks by name; a name has no dot, and is not "optimizer"
     * @param optimizers the optimizers by name
     */
    public static TrainingState of(Map<String, ? extends Layer> nets, Map<String, ? extends Optimizer> optimizers) {
        for (String name : nets.keySet()) {
            if (name.contains(".") || (name + ".").equals(OPTIMIZER)) {
                throw new IllegalArgumentException(
                        "nets: expected names without a dot and other than optimizer, got " + name);
            }
        }
        for (String name : optimizers.keySet()) {
            if (name.contains(".")) {
                throw new IllegalArgumentException("optimizers: expected names without a dot, got " + name);
            }
        }
        return new TrainingState(new TreeMap<>(nets), new TreeMap<>(optimizers), Map.of());
    }

    /**
     * The same state with tensors that the loop itself carries from step to step, such as a sum of samples.
     *
     * @param tensors the tensors by name, such as a {@link MutableTensor} that the loop sets; a name has no dot
     */
    public TrainingState withTensors(Map<String, ? extends MutableTensor> tensors) {
        for (String name : tensors.keySet()) {
            if (name.contains(".")) {
                throw new IllegalArgumentException("tensors: expected names without a dot, got " + name);
            }
        }
        return new TrainingState(nets, optimizers, new TreeMap<>(tensors));
    }

    /**
     * Writes or replaces a file, completely or not at all.
     *
     * @throws IOException if it cannot be written
     */
    public void save(File file) throws IOException {
        toSafeTensors(Map.of()).write(file);
    }

    /**
     * The content of a file, with metadata of your own, such as a running mean as text.
     *
     * @param metadata texts by keys that do not begin with {@code training.}
     */
    public SafeTensors toSafeTensors(Map<String, String> metadata) {
        Map<String, String> texts = new LinkedHashMap<>(metadata);
        for (String key : metadata.keySet()) {
            if (key.startsWith(OURS)) {
                throw new IllegalArgumentException(
                        "metadata: expected keys that do not begin with " + OURS + ", got " + key);
            }
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>(weights());
        optimizers.forEach((name, optimizer) -> {
            Optimizer.State state = optimizer.state();
            state.tensors().forEach((tensor, value) -> tensors.put(OPTIMIZER + name + "." + tensor, value));
            texts.put(OURS + name + ".steps", String.valueOf(state.steps()));
            state.settings().forEach((setting, value) -> texts.put(OURS + name + ".setting " + setting, value));
        });
        texts.put(CHECKSUM, Checksum.text(Checkpoint.checksum(tensors, texts)));
        return new SafeTensors(tensors, texts);
    }

    /**
     * Restores the networks and optimizers from a file.
     *
     * @throws DataFormatException if the file is damaged, or belongs to other networks or optimizers; then nothing changes
     * @throws IOException if it cannot be read
     */
    public void restore(File file) throws IOException {
        ByteSource source = ByteSource.of(file);
        try {
            restore(SafeTensors.read(source));
        } catch (IllegalArgumentException e) {
            throw new DataFormatException(source.name(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Restores the networks and optimizers from the content of a file.
     *
     * @throws IllegalArgumentException if it is damaged, or belongs to other networks or optimizers; then nothing changes
     */
    public void restore(SafeTensors content) {
        Map<String, String> texts = new LinkedHashMap<>(content.metadata());
        String checksum = texts.remove(CHECKSUM);
        if (checksum == null) {
            throw new IllegalArgumentException("expected a file of TrainingState, got another one");
        }
        String actual = Checksum.text(Checkpoint.checksum(content.tensors(), texts));
        if (!actual.equals(checksum)) {
            throw new IllegalArgumentException("corrupt: expected checksum " + checksum + ", got " + actual);
        }
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Map<String, Tensor> accumulated = new LinkedHashMap<>();
        content.tensors()
                .forEach((name, tensor) -> (name.startsWith(OPTIMIZER) ? accumulated : weights).put(name, tensor));
        Checkpoint.requireAlike(weights, weights());
        Map<String, Optimizer.State> states = new LinkedHashMap<>();
        for (String name : optimizers.keySet()) {
            states.put(name, state(name, accumulated, texts));
        }
        restore(states);
        tensors().forEach((name, tensor) -> tensor.set(Objects.requireNonNull(weights.get(name))));
    }

    private static Optimizer.State state(String name, Map<String, Tensor> tensors, Map<String, String> texts) {
        String steps = texts.get(OURS + name + ".steps");
        if (steps == null) {
            throw new IllegalArgumentException("optimizer " + name + ": expected its state, got none");
        }
        return new Optimizer.State(
                Long.parseLong(steps), after(OURS + name + ".setting ", texts), after(OPTIMIZER + name + ".", tensors));
    }

    private static <T> Map<String, T> after(String prefix, Map<String, T> all) {
        Map<String, T> some = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                some.put(name.substring(prefix.length()), value);
            }
        });
        return some;
    }

    /** Restores all optimizers or none. */
    private void restore(Map<String, Optimizer.State> states) {
        Map<String, Optimizer.State> before = new LinkedHashMap<>();
        try {
            states.forEach((name, state) -> {
                Optimizer optimizer = Objects.requireNonNull(optimizers.get(name));
                Optimizer.State own = optimizer.state();
                try {
                    optimizer.restore(state);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("optimizer " + name + ": " + e.getMessage(), e);
                }
                before.put(name, own);
            });
        } catch (IllegalArgumentException e) {
            before.forEach((name, state) ->
                    Objects.requireNonNull(optimizers.get(name)).restore(state));
            throw e;
        }
    }

    private Map<String, MutableTensor> tensors() {
        Map<String, MutableTensor> all = new LinkedHashMap<>(others);
        nets.forEach((name, net) ->
                new TreeMap<>(net.state()).forEach((tensor, value) -> all.put(name + "." + tensor, value)));
        return all;
    }

    private Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        tensors().forEach((name, tensor) -> weights.put(name, tensor.value()));
        return weights;
    }
}
