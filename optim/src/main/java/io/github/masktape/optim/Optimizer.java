// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.tensor.Tensor;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** An algorithm that updates parameters, given their gradients. */
public interface Optimizer {
    /** The parameters that a step changes. */
    Collection<Parameter> parameters();

    /**
     * Makes one step, which changes the parameters. The library's optimizers refuse gradients whose masks are those of
     * the step before, because a loop that forgets to number its passes would train with the same masks forever.
     */
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

    /**
     * Runs an evaluation of the network with the values that the optimizer proposes for its parameters, which are those
     * of the last step unless it {@linkplain MovingAverage averages} them. Afterwards the parameters are as before.
     *
     * @param <T> the type of the result
     */
    default <T> T evaluate(Supplier<T> evaluation) {
        return evaluation.get();
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

        /**
         * Checks that this state has the settings of another one and tensors of the same names, shapes and dtypes. An
         * optimizer calls it before it restores this state, with its own.
         *
         * @throws IllegalArgumentException naming the first difference
         */
        public void requireLike(State own) {
            Checkpoint.requireSame(settings, own.settings);
            Checkpoint.requireAlike(tensors, own.tensors);
        }
    }
}
