package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.tensor.Tensor;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What changes parameters, given their gradients. */
public interface Optimizer {
    /** The parameters that a step changes. */
    Collection<Parameter> parameters();

    /** Makes one step. */
    void step(Gradients gradients);

    /**
     * True if the next steps change no parameter, whatever the gradients: a learning rate of 0, as after the end of a
     * schedule.
     *
     * @param steps how many steps
     */
    default boolean isIdle(long steps) {
        return false;
    }

    /** What the next steps depend on besides the parameters; later steps do not change it. */
    State state();

    /**
     * Goes on from where another optimizer of the same settings and parameters was.
     *
     * @throws IllegalArgumentException if settings or tensors differ; then nothing was changed
     */
    void restore(State state);

    /**
     * Where an optimizer is.
     *
     * @param steps the number of steps made
     * @param settings whatever shaped these steps, as text, by name
     * @param tensors what was gathered on the way, by name, such as {@code velocity.0.weight}
     */
    record State(long steps, Map<String, String> settings, Map<String, Tensor> tensors) {
        /** Copies both maps, in their order. */
        public State {
            if (steps < 0) {
                throw new IllegalArgumentException("steps must be at least 0, got " + steps);
            }
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
            tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        }
    }
}
