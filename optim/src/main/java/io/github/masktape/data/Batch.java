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

    /** The features, one example a row, gathered at each call. */
    public Tensor features() {
        return data.features().rows(examples);
    }

    /** The {@link #features} in a workspace's memory, valid until that is recycled. */
    public Tensor features(Workspace workspace) {
        return workspace.borrow(data.features()).rows(examples);
    }

    /** The targets of the examples, gathered at each call. */
    public Targets targets() {
        return data.targets().select(examples);
    }

    /** The {@link #targets} in a workspace's memory, valid until that is recycled. */
    public Targets targets(Workspace workspace) {
        return data.targets().select(examples, workspace);
    }

    /**
     * The class of each example of a classification, gathered at each call.
     *
     * @throws IllegalStateException if there are values instead
     */
    public int[] labels() {
        return Dataset.labels(targets()).toArray();
    }

    /**
     * The numbers to predict in a regression, one example a row, gathered at each call.
     *
     * @throws IllegalStateException if there are labels instead
     */
    public Tensor values() {
        return Dataset.values(targets()).tensor();
    }

    /** The number of the step, from 0 through all epochs. */
    public long step() {
        return step;
    }
}
