package io.github.masktape.peers;

import java.util.List;

/** One side's training step, which can be checked. */
interface TrainingSide extends MeasuredStep {
    /** The loss and its gradients at the present weights; changes no weight. */
    LossAndGradients gradients();

    /** The parameters at present: weight (out×in) and bias of each layer in turn. */
    List<float[]> parameters();

    /**
     * What two sides are compared by.
     *
     * @param gradients in the order of {@link #parameters}
     */
    record LossAndGradients(double loss, List<float[]> gradients) {}
}
