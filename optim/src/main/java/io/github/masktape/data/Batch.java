package io.github.masktape.data;

import io.github.masktape.tensor.Tensor;

/**
 * The examples of one training step.
 *
 * @param features one example a row
 * @param labels the class of each
 * @param step the number of the step, from 0 through all epochs
 */
public record Batch(Tensor features, int[] labels, long step) {}
