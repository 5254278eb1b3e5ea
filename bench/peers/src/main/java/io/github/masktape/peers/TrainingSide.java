// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import java.util.List;

/** One side's training step, whose results can be checked. */
interface TrainingSide extends MeasuredStep {
    /** The loss and its gradients at the current weights; changes no weight. */
    LossAndGradients gradients();

    /** The current parameters: weight (out×in) and bias of each layer in turn. */
    List<float[]> parameters();

    /**
     * The results by which two sides are compared.
     *
     * @param gradients the gradients in the order of {@link #parameters}
     */
    record LossAndGradients(double loss, List<float[]> gradients) {}
}
