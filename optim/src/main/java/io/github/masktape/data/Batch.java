package io.github.masktape.data;

import io.github.masktape.tensor.Tensor;

/** The examples of one training step. */
public final class Batch {
    private final Tensor features;
    private final int[] labels;
    private final long step;

    Batch(Tensor features, int[] labels, long step) {
        this.features = features;
        this.labels = labels;
        this.step = step;
    }

    /** One example a row. */
    public Tensor features() {
        return features;
    }

    /** The class of each example, a copy. */
    public int[] labels() {
        return labels.clone();
    }

    /** The number of the step, from 0 through all epochs. */
    public long step() {
        return step;
    }
}
