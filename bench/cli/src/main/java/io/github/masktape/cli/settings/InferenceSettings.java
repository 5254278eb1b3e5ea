// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.layers.Inference;

/**
 * The settings of inference.
 *
 * @param method the method for DropConnect layers
 * @param samples the number of draws or masks, if the method draws
 * @param seed the seed of the draws
 */
public record InferenceSettings(Method method, int samples, long seed) {
    /** The settings by which deviations over masks are computed, unless others are given. */
    public static final InferenceSettings SPREAD = new InferenceSettings(Method.MONTECARLO, 100, 1);

    /** The inference with these settings. */
    public Inference inference() {
        return method.inference(samples, seed);
    }

    /** True if the outputs are means of probabilities, not the softmax of means. */
    public boolean averagesProbabilities() {
        return method == Method.MONTECARLO;
    }

    /** The methods of inference. */
    public enum Method {
        MEAN,
        GAUSSIAN,
        SAMPLED,
        MONTECARLO;

        public boolean draws() {
            return this == SAMPLED || this == MONTECARLO;
        }

        public Inference inference(int samples, long seed) {
            return switch (this) {
                case MEAN -> Inference.mean();
                case GAUSSIAN -> Inference.gaussian();
                case SAMPLED -> Inference.sampled(samples, seed);
                case MONTECARLO -> Inference.monteCarlo(samples, seed);
            };
        }

        @Override
        public String toString() {
            return Word.of(this);
        }
    }
}
