// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/** The examples of one training step. */
public final class Batch {
    private final Dataset data;
    private final int @Nullable [] rows;
    private final long step;
    private final @Nullable Workspace workspace;

    /** A batch of all the examples of a dataset, of step 0. */
    public Batch(Dataset examples) {
        this(examples, null, 0, null);
    }

    /** @param rows the indices of the examples, or null for all of them */
    Batch(Dataset data, int @Nullable [] rows, long step, @Nullable Workspace workspace) {
        this.data = data;
        this.rows = rows;
        this.step = step;
        this.workspace = workspace;
    }

    /** The same examples as the batch of another step. */
    public Batch withStep(long step) {
        return new Batch(data, rows, step, workspace);
    }

    /** The same batch for use until the workspace is recycled: its tensors live in the workspace's memory. */
    public Batch withWorkspace(Workspace workspace) {
        return new Batch(data, rows, step, workspace);
    }

    /** The number of examples. */
    public int size() {
        return rows == null ? data.size() : rows.length;
    }

    /** The examples as a dataset of their own. */
    public Dataset examples() {
        return rows == null ? data : data.select(rows);
    }

    /** The features, one example a row, gathered at each call. */
    public Tensor features() {
        Tensor all = workspace == null ? data.features() : workspace.borrow(data.features());
        return rows == null ? all : all.rows(rows);
    }

    /** The targets of the examples, gathered at each call. */
    public Targets targets() {
        if (rows == null) {
            return data.targets();
        }
        return workspace == null ? data.targets().select(rows) : data.targets().select(rows, workspace);
    }

    /** True if the targets are class labels, false if they are values. */
    public boolean hasLabels() {
        return data.targets() instanceof Labels;
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

    /** True if the examples have weights, see {@link Dataset#withWeights}. */
    public boolean isWeighted() {
        return data.isWeighted();
    }

    /** The weight of each example, a copy; 1 for each if they have none. */
    public double[] weights() {
        double[] weights = new double[size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = data.weight(rows == null ? i : rows[i]);
        }
        return weights;
    }

    /** The number of the step, from 0 through all epochs; a trainer counts the batches of any source. */
    public long step() {
        return step;
    }

    /** The number of examples and the step: {@code batch of 50 examples, step 3}. */
    @Override
    public String toString() {
        return "batch of " + size() + (size() == 1 ? " example" : " examples") + ", step " + step();
    }
}
