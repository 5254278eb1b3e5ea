// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.terminal.Failure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Many trainings, each of which is computed once: a cell whose result is stored is not computed again, so a sweep that
 * was killed goes on where it was.
 */
public final class Sweep {
    private final CellTraining training;
    private final CellStore store;
    private final CellExecutor executor;
    private final SweepProgress progress;

    /** A sweep that keeps its results in a store. */
    public Sweep(CellTraining training, CellStore store, CellExecutor executor, SweepProgress progress) {
        this.training = training;
        this.store = store;
        this.executor = executor;
        this.progress = progress;
    }

    /** The trainings on the sweep's data. */
    public CellTraining training() {
        return training;
    }

    /** Computes those of the cells that are not finished; false if the executor was stopped before the last one. */
    public boolean compute(List<TrainingCell> cells) {
        List<String> open = new ArrayList<>();
        for (TrainingCell cell : new LinkedHashSet<>(cells)) {
            if (store.get(cell) == null) {
                open.add(cell.text());
            }
        }
        if (open.isEmpty()) {
            return true;
        }
        progress.begin(open.size());
        try {
            return executor.run(
                    open, cell -> training.result(new TrainingCell(cell)).text(), (cell, result) -> {
                        store.put(new TrainingCell(cell), CellResult.parse(result));
                        progress.finished();
                    });
        } finally {
            progress.clear();
        }
    }

    /**
     * The result of a finished cell.
     *
     * @throws Failure if it is not finished
     */
    public CellResult result(TrainingCell cell) {
        CellResult result = store.get(cell);
        if (result == null) {
            throw new Failure("cell " + cell.hash() + ": not finished");
        }
        return result;
    }

    /** True if the cell is finished. */
    boolean has(TrainingCell cell) {
        return store.get(cell) != null;
    }
}
