package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.tensor.Tensor;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An algorithm that updates parameters, given their gradients. */
public interface Optimizer {
    /** The parameters that a step changes. */
    Collection<Parameter> parameters();

    /** Makes one step, which changes the parameters. */
    void step(Gradients gradients);

    /**
     * True if the next steps change no parameter, whatever the gradients, because the learning rate is 0, for example
     * after the end of a schedule.
     *
     * @param steps the number of steps
     */
    default boolean isIdle(long steps) {
        return false;
    }

    /** A snapshot of everything that the next steps depend on besides the parameters. */
    State state();

    /**
     * Continues from the state of another optimizer with the same settings and parameters.
     *
     * @throws IllegalArgumentException if settings or tensors differ; then nothing changes
     */
    void restore(State state);

    /**
     * The state of an optimizer.
     *
     * @param steps the number of steps made
     * @param settings the settings that these steps depend on, as text, by name
     * @param tensors the accumulated tensors, by name, for example {@code velocity.0.weight}
     */
    record State(long steps, Map<String, String> settings, Map<String, Tensor> tensors) {
        /** Copies both maps, in their order. */
        public State {
            if (steps < 0) {
                throw new IllegalArgumentException("steps: expected at least 0, got " + steps);
            }
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
            tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        }
    }
}
