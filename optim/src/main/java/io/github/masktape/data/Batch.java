package io.github.masktape.data;

import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;

/** The examples of one training step. */
public final class Batch {
    private final Dataset data;
    private final int[] examples;
    private final long step;

    Batch(Dataset data, int[] examples, long step) {
        this.data = data;
        this.examples = examples;
        this.step = step;
    }

    /** One example a row, gathered at each call. */
    public Tensor features() {
        return data.features().rows(examples);
    }

    /** {@link #features} in a workspace's memory, until that is recycled. */
    public Tensor features(Workspace workspace) {
        return workspace.borrow(data.features()).rows(examples);
    }

    /** The class of each example, gathered at each call. */
    public int[] labels() {
        return data.labelsOf(examples);
    }

    /** The regression targets, one example a row, gathered at each call. */
    public Tensor targets() {
        return data.targets().rows(examples);
    }

    /** {@link #targets} in a workspace's memory, until that is recycled. */
    public Tensor targets(Workspace workspace) {
        return workspace.borrow(data.targets()).rows(examples);
    }

    /** The number of the step, from 0 through all epochs. */
    public long step() {
        return step;
    }
}
